import { evaluateGraph } from '@grim/ir';
import { describe, expect, it } from 'vitest';
import { adam, createBatches, createTrainer, crossEntropy } from '../src/index.ts';
import { classifier } from './support/classifier.ts';
import { randomValues } from './support/random-values.ts';

const batch = { size: 16, axes: { x: 0 } };
const count = 50;
const values = randomValues(count * 8, 3);
const classes = Array.from({ length: count }, (_, example) => {
  const own = Array.from(values.subarray(example * 8, example * 8 + 8));
  return Math.floor(own.indexOf(Math.max(...own)) / 2);
});
const x = { shape: [count, 4, 2], data: values };
const examples = {
  inputs: { x },
  target: (chosen: readonly number[]) => chosen.map((example) => classes[example] ?? 0),
};

describe('createTrainer', () => {
  it('learns what a sequence shows, and predicts as the graph that it gives', async () => {
    const graph = classifier(1);
    const trainer = await createTrainer(graph, { batch, loss: crossEntropy(), optimiser: adam() });
    const batches = createBatches(examples, { batch, seed: 5 });
    expect(batches.batchesPerEpoch).toBe(3);
    const losses: number[] = [];
    for (let step = 0; step < 60; step++) {
      const { loss, gradients } = await trainer.lossAndGradients(batches.next());
      trainer.step(gradients, 0.04);
      losses.push(loss);
    }
    expect(losses[0]).toBeGreaterThan(1);
    expect(losses.at(-1)).toBeLessThan(0.5);
    const predicted = (await trainer.predict({ x })).get('y');
    expect(predicted?.shape).toEqual([count, 4]);
    for (let example = 0; example < count; example++) {
      const { outputs } = evaluateGraph(trainer.graph(), {
        inputs: { x: values.subarray(example * 8, example * 8 + 8) },
      });
      outputs['y']?.forEach((value, index) => {
        expect(predicted?.data[example * 4 + index]).toBeCloseTo(value, 4);
      });
    }
    // The graph that was given is as it was.
    expect(graph.constants).toEqual(classifier(1).constants);
  });

  it('gives the same bits again', async () => {
    const run = async (): Promise<readonly Float32Array[]> => {
      const trainer = await createTrainer(classifier(2), {
        batch,
        loss: crossEntropy({ labelSmoothing: 0.1 }),
      });
      const batches = createBatches(examples, { batch, seed: 9, remainder: 'wrap' });
      for (let step = 0; step < 5; step++) {
        trainer.step((await trainer.lossAndGradients(batches.next())).gradients, 0.01);
      }
      return [...trainer.parameters.values()].map(({ data }) => data);
    };
    expect(await run()).toEqual(await run());
  });

  it('leaves frozen and fixed weights as they are', async () => {
    const graph = classifier(3);
    const trainer = await createTrainer(graph, { batch, loss: crossEntropy(), frozen: ['gru'] });
    expect([...trainer.parameters.keys()]).toEqual(['head', 'shift']);
    const nodes = graph.nodes.map((node) =>
      node.op.kind === 'linear' ? { ...node, op: { ...node.op, fixed: 'a transform' } } : node,
    );
    const fixed = await createTrainer({ ...graph, nodes }, { batch, loss: crossEntropy() });
    expect([...fixed.parameters.keys()]).toEqual(['w', 'r', 'b', 'rb']);
    await expect(createTrainer(graph, { batch, loss: crossEntropy(), frozen: ['conv*'] })).rejects.toThrow(
      'frozen pattern "conv*" matches no layer with weights',
    );
  });

  it('refuses inputs and targets that do not fit', async () => {
    const trainer = await createTrainer(classifier(4), { batch, loss: crossEntropy() });
    const inputs = { x: new Float32Array(128) };
    await expect(trainer.lossAndGradients({ inputs: {}, target: [] })).rejects.toThrow(
      'input x [16,4,2] needs 128 value(s), got none',
    );
    await expect(trainer.lossAndGradients({ inputs, target: [1] })).rejects.toThrow(
      'output y [16,4] needs 16 class(es), got 1',
    );
    await expect(trainer.lossAndGradients({ inputs, target: new Array<number>(16).fill(4) })).rejects.toThrow(
      'class 4 of row 0 is none of the 4 of output y',
    );
  });
});
