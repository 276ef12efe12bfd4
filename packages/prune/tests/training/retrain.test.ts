import { describe, expect, it } from 'vitest';
import { GrimError } from '@grim/ir';
import { pruneByMagnitude, pruneByReconstruction, retrain } from '../../src/index.ts';
import { expectBlocks } from './expectations.ts';
import { extents } from './task.ts';
import { perceptronTrainer, type Examples } from './perceptron.ts';
import { copyOf, denseTrainer, pruning, teacherTask } from './task.ts';

const seed = 4;

describe(`retrain (seed ${seed})`, () => {
  it('gets back what one-shot pruning lost, and never touches zeros', async () => {
    const task = teacherTask(seed);
    const dense = await denseTrainer(task, seed + 50, 12);
    const pruned = pruneByMagnitude(dense.graph(), pruning);
    const trainer = copyOf(dense);
    const losses: number[] = [];
    const zeros = pruned.graph.constants.get('hidden.weight')?.data ?? new Float32Array();
    const values = trainer.parameters.get('hidden.weight')?.data ?? new Float32Array();
    const result = await retrain(trainer, task.batches, {
      pruned,
      epochs: 6,
      learningRate: 0.005,
      onProgress: ({ loss }) => {
        losses.push(loss);
        zeros.forEach((before, index) => {
          if (before === 0 && !Object.is(values[index], 0)) throw new Error(`weight ${index} came back`);
        });
      },
    });
    expectBlocks(result, trainer);
    expect(losses).toHaveLength(6 * 16);
    expect(result.trace.map(({ epoch }) => epoch)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(result.trace.at(-1)?.loss).toBeLessThan((result.trace[0]?.loss ?? NaN) * 0.8);
    expect(result.report.weights.map(({ outcome }) => outcome)).toEqual(['pruned', 'dense']);
    expect(result.report.weights[1]).toMatchObject({ reason: 'excluded by "head"' });
  });

  it('goes on from what reconstruction chose, and from its own result', async () => {
    const task = teacherTask(seed, 4);
    const dense = await denseTrainer(task, seed + 50, 4);
    const calibration = [[...exampleInputs(task)].map((x) => ({ x }))];
    const pruned = await pruneByReconstruction(dense.graph(), calibration, pruning);
    const trainer = perceptronTrainer(extents, new Map(pruned.graph.constants));
    const first = await retrain(trainer, task.batches, { pruned, epochs: 2, learningRate: 0.005 });
    expectBlocks(first, trainer);
    const second = await retrain(trainer, task.batches, { pruned: first, epochs: 1, learningRate: 0.001 });
    expect(second.masks).toEqual(first.masks);
    expectBlocks(second, trainer);
  });

  it('keeps a weight that is kept and happens to be zero trainable when it has the masks', async () => {
    const task = teacherTask(seed, 4);
    const dense = await denseTrainer(task, seed + 50, 4);
    const pruned = await retrain(dense, task.batches, {
      pruned: pruneByMagnitude(dense.graph(), pruning),
      epochs: 0,
      learningRate: 0,
    });
    const values = dense.parameters.get('hidden.weight')?.data ?? new Float32Array();
    const kept = pruned.masks.get('hidden.weight')?.indexOf(1) ?? -1;
    values[kept] = 0;
    await retrain(dense, task.batches, { pruned, epochs: 1, learningRate: 0.005 });
    expect(values[kept]).not.toBe(0);
  });

  it('refuses masks that do not fit, and a trainer that lacks the gradient of a pruned weight', async () => {
    const task = teacherTask(seed, 2);
    const dense = await denseTrainer(task, seed, 0);
    const pruned = pruneByMagnitude(dense.graph(), pruning);
    const phase = { epochs: 1, learningRate: 0.005 };
    const masks = new Map([['hidden.weight', new Uint8Array(10)]]);
    await expect(retrain(dense, task.batches, { ...phase, pruned: { ...pruned, masks } })).rejects.toThrow(
      'hidden:weights: the mask of hidden.weight has 10 flags, its weights are 32x32',
    );
    const forgetful = {
      ...dense,
      lossAndGradients: async (batch: Examples) => {
        const { loss, gradients } = await dense.lossAndGradients(batch);
        return { loss, gradients: new Map([...gradients].filter(([name]) => name !== 'hidden.weight')) };
      },
    };
    await expect(retrain(forgetful, task.batches, { ...phase, pruned })).rejects.toThrow(
      'hidden:weights: the gradient of hidden.weight that the trainer gives has 0 values, expected 1024',
    );
  });

  it('refuses a network that is not the one that was pruned', async () => {
    const task = teacherTask(seed, 2);
    const dense = await denseTrainer(task, seed, 0);
    const pruned = pruneByMagnitude(dense.graph(), pruning);
    const options = { pruned, epochs: 1, learningRate: 0.005 };
    const graph = dense.graph();
    const without = { ...graph, nodes: graph.nodes.filter(({ name }) => name !== 'hidden') };
    const renamed = {
      ...graph,
      nodes: graph.nodes.map((node) => (node.name === 'hidden' ? { ...node, name: 'first' } : node)),
    };
    const missing = { ...dense, parameters: new Map([...dense.parameters].slice(1)) };
    await expect(retrain({ ...dense, graph: () => renamed }, task.batches, options)).rejects.toThrow(
      new GrimError('is not in the pruned network', { layer: 'first:weights' }),
    );
    await expect(
      retrain(
        { ...dense, graph: () => ({ ...without, inputs: [{ name: 'h', shape: [1, 32] }] }) },
        task.batches,
        options,
      ),
    ).rejects.toThrow('hidden:weights: is pruned, but the trainer has no such layer');
    await expect(retrain(missing, task.batches, options)).rejects.toThrow(
      'hidden:weights: its weights hidden.weight are no parameter of the trainer',
    );
  });
});

function* exampleInputs(task: ReturnType<typeof teacherTask>): Generator<Float32Array> {
  for (const { x } of task.batches.epoch(0) as Iterable<{ x: Float32Array }>) {
    for (let first = 0; first < x.length; first += extents.inputs)
      yield x.slice(first, first + extents.inputs);
  }
}
