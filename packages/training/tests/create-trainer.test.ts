import { elementCount, evaluateGraph, type Tensor } from '@grim/ir';
import { describe, expect, it } from 'vitest';
import { adam, createBatches, createTrainer, crossEntropy, trainerState } from '../src/index.ts';
import { loadJax } from '../src/jax/load-jax.ts';
import { upload } from '../src/jax/transfer.ts';
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

  it('refuses derivatives of a loss that are not those of its outputs', async () => {
    const inputs = { x: new Float32Array(128) };
    const open = async (derivatives: readonly (readonly [string, number])[]): Promise<unknown> => {
      const trainer = await createTrainer<null>(classifier(4), {
        batch,
        loss: () => ({
          loss: 1,
          derivatives: new Map(derivatives.map(([name, length]) => [name, new Float32Array(length)])),
        }),
      });
      return trainer.lossAndGradients({ inputs, target: null });
    };
    await expect(open([['y', 63]])).rejects.toThrow(
      'the loss gives 63 derivative(s) by output y [16,4], expected 64',
    );
    await expect(
      open([
        ['y', 64],
        ['Y', 64],
      ]),
    ).rejects.toThrow('the loss gives a derivative by Y, but the graph has only outputs y');
    await expect(open([])).rejects.toThrow('the loss gives no derivative by any of the outputs y');
    await expect(open([['y', 64]])).resolves.toHaveProperty('loss', 1);
  });

  it('refuses steps that would spoil the parameters, and leaves these as they are', async () => {
    const trainer = await createTrainer(classifier(4), { batch, loss: crossEntropy() });
    const { gradients } = await trainer.lossAndGradients(createBatches(examples, { batch, seed: 5 }).next());
    const before = trainerState(trainer);
    for (const rate of [NaN, Infinity, -Infinity]) {
      expect(() => {
        trainer.step(gradients, rate);
      }).toThrow(`the learning rate must be a finite number, got ${rate}`);
    }
    expect(() => {
      trainer.step(new Map(gradients).set('shift', new Float32Array(3)), 0.1);
    }).toThrow('the gradient of shift [4] has 3 value(s), expected 4');
    expect(trainerState(trainer)).toEqual(before);
  });

  it('refuses examples that are none of the network', async () => {
    const trainer = await createTrainer(classifier(4), { batch, loss: crossEntropy() });
    const of = (shape: readonly number[], length = elementCount(shape)): Tensor => ({
      shape,
      data: new Float32Array(length),
    });
    await expect(trainer.predict({ x: of([3, 4, 2], 8) })).rejects.toThrow(
      'input x [3,4,2] with 8 value(s) does not hold examples of shape [4,2]',
    );
    await expect(trainer.predict({ x: of([3, 2, 4]) })).rejects.toThrow(
      'input x [3,2,4] with 24 value(s) does not hold examples of shape [4,2]',
    );
    await expect(trainer.predict({})).rejects.toThrow('input x is missing, examples of shape [4,2]');
    await expect(trainer.predict({ x: of([3, 4, 2]), z: of([3]) })).rejects.toThrow(
      'there is no input z, the graph has x',
    );
    expect(await trainer.predict({ x: of([0, 4, 2]) })).toEqual(new Map([['y', of([0, 4])]]));
  });

  it('refuses graphs that are not valid, and values that do not fill a shape', async () => {
    const graph = classifier(4);
    const constants = new Map(graph.constants).set('shift', { shape: [4], data: new Float32Array(3) });
    await expect(createTrainer({ ...graph, constants }, { batch, loss: crossEntropy() })).rejects.toThrow(
      'constant shift of shape [4] needs 4 value(s), got 3',
    );
    const jax = await loadJax();
    expect(() => upload(jax, new Float32Array(3), [2, 2])).toThrow(
      'a tensor of shape [2,2] needs 4 value(s), got 3',
    );
  });

  it('does not train layers that lead to no output', async () => {
    const graph = classifier(4);
    const dead = { name: 'dead', op: { kind: 'linear' }, inputs: ['f', 'unused'], outputs: ['z'] } as const;
    const constants = new Map(graph.constants).set('unused', { shape: [3, 8], data: randomValues(24, 1) });
    const withDead = { ...graph, constants, nodes: [...graph.nodes, dead] };
    const trainer = await createTrainer(withDead, {
      batch,
      loss: crossEntropy(),
      optimiser: adam({ weightDecay: 0.5 }),
      batchNorm: ['*'],
    });
    const batches = createBatches(examples, { batch, seed: 5 });
    await trainer.settleBatchNorm(batches);
    expect([...trainer.parameters.keys()].filter((name) => /dead|unused/.test(name))).toEqual([]);
    trainer.step((await trainer.lossAndGradients(batches.next())).gradients, 0.1);
    expect(trainer.graph().constants.get('unused')).toEqual(constants.get('unused'));
    await expect(
      createTrainer(withDead, { batch, loss: crossEntropy(), batchNorm: ['dead'] }),
    ).rejects.toThrow('batchNorm pattern "dead" matches no layer that is trained');
  });
});
