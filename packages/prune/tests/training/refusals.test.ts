import { describe, expect, it } from 'vitest';
import { GrimError, type Graph } from '@grim/ir';
import { pruneByAdmm, pruneGradually, type AdmmOptions, type Trainer } from '../../src/index.ts';
import type { Examples } from './perceptron.ts';
import { firstPruned } from './expectations.ts';
import { denseTrainer, pruning, teacherTask } from './task.ts';

const seed = 6;
const task = teacherTask(seed, 2);
const options: AdmmOptions = {
  ...pruning,
  training: { epochs: 1, learningRate: 0.005 },
  retraining: { epochs: 1, learningRate: 0.005 },
};

async function refusal(changes: Partial<AdmmOptions>, trainer?: Trainer<Examples>): Promise<GrimError> {
  try {
    await pruneByAdmm(trainer ?? (await denseTrainer(task, seed, 0)), task.batches, {
      ...options,
      ...changes,
    });
  } catch (error) {
    if (error instanceof GrimError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('pruning with training', () => {
  it('refuses by name what one-shot pruning refuses, before a step is made', async () => {
    const untouched = await denseTrainer(task, seed, 0);
    const never = { ...untouched, step: () => expect.fail('it trained') };
    const message = async (changes: Partial<AdmmOptions>): Promise<string> =>
      (await refusal(changes, never)).message;
    expect(await message({ rate: 0.5 })).toBe(
      'hidden:weights: the pruning rate must be a finite number of 1 or more, got 0.5',
    );
    expect(await message({ rate: 17 })).toMatch(
      /^hidden:weights: columns cannot be pruned 17x in blocks of 8x16/,
    );
    expect(await message({ exclude: ['tail'] })).toMatch(/^exclude pattern "tail" matches no layer/);
    expect(await message({ pattern: 'unstructured', rate: 1e9 })).toMatch(
      /^hidden:weights: 1024 elements cannot be pruned/,
    );
    expect(await message({ training: { epochs: 1.5, learningRate: 1 } })).toMatch(
      /^epochs must be a whole number of 0 or more, got 1.5/,
    );
    expect(await message({ stepsPerUpdate: 0 })).toMatch(
      /^stepsPerUpdate must be a whole number of 1 or more, got 0/,
    );
    expect(await message({ stepsPerCheckpoint: NaN })).toMatch(/^stepsPerCheckpoint must be/);
    expect(await message({ training: { epochs: 1, learningRate: () => -1 } })).toMatch(
      /^the learning rate must be a finite number of 0 or more, got -1 after 0 of phase admm/,
    );
  });

  it('clips blocks that are larger than a matrix, and says so', async () => {
    const block = { rows: 1000, columns: 1000 };
    const result = await pruneByAdmm(await denseTrainer(task, seed, 0), task.batches, { ...options, block });
    expect(firstPruned(result)).toMatchObject({ block: { rows: 32, columns: 32 }, clippedFrom: block });
  });

  it('leaves a weight dense that would not get smaller, and trains it', async () => {
    const trainer = await denseTrainer(task, seed, 0);
    const before = trainer.parameters.get('hidden.weight')?.data.slice();
    const result = await pruneByAdmm(trainer, task.batches, { ...options, rate: 1.01 });
    expect(result.masks.size).toBe(0);
    expect(result.report.weights[0]).toMatchObject({ outcome: 'dense', zeros: 0 });
    expect(result.report.weights[0]).toHaveProperty('reason', expect.stringMatching(/^BCRC would take/));
    expect(trainer.parameters.get('hidden.weight')?.data).not.toEqual(before);
  });

  it('refuses weights, losses and gradients that are not finite, by layer, phase and step', async () => {
    const broken = await denseTrainer(task, seed, 0);
    const weights = broken.parameters.get('hidden.weight')?.data;
    weights?.fill(NaN, 33, 34);
    expect((await refusal({}, broken)).message).toBe('hidden:weights: the weight in row 1, column 1 is NaN');
    weights?.fill(0, 33, 34);
    broken.parameters.get('head.weight')?.data.fill(Infinity, 7, 8);
    expect((await refusal({}, broken)).message).toBe(
      'head: the value of head.weight is Infinity at index 7 in phase admm, step 0',
    );

    const trainer = await denseTrainer(task, seed, 0);
    let calls = 0;
    const failing = (loss: number, slope: number): Trainer<Examples> => ({
      ...trainer,
      lossAndGradients: async (batch) => {
        const right = await trainer.lossAndGradients(batch);
        if (calls++ < 3) return right;
        right.gradients.get('hidden.bias')?.fill(slope, 2, 3);
        return { ...right, loss };
      },
    });
    expect((await refusal({}, failing(NaN, 0))).message).toBe('the loss is NaN in phase retraining, step 1');
    calls = 0;
    expect((await refusal({}, failing(1, -Infinity))).message).toBe(
      'hidden: the gradient of hidden.bias is -Infinity at index 2 in phase retraining, step 1',
    );
    calls = 0;
    const refusing: Trainer<Examples> = {
      ...trainer,
      lossAndGradients: (batch) => {
        if (calls++ < 3) return trainer.lossAndGradients(batch);
        throw new GrimError('its output holds NaN', { layer: 'hidden' });
      },
    };
    expect((await refusal({}, refusing)).message).toBe(
      'hidden: its output holds NaN, in phase retraining, step 1',
    );
    const exploding = {
      ...trainer,
      step: (): void => {
        trainer.parameters.get('head.weight')?.data.fill(NaN);
      },
    };
    expect((await refusal({}, exploding)).message).toBe(
      'head: the value of head.weight is NaN at index 0 in phase admm, step 0',
    );
  });

  it('refuses what does not go together: trainers without a parameter, shared weights, short epochs', async () => {
    const trainer = await denseTrainer(task, seed, 0);
    const missing = { ...trainer, parameters: new Map([...trainer.parameters].slice(1)) };
    expect((await refusal({}, missing)).message).toBe(
      'hidden:weights: its weights hidden.weight are no parameter of the trainer',
    );
    const short = { ...trainer, parameters: new Map(trainer.parameters) };
    short.parameters.set('hidden.weight', { shape: [4], data: new Float32Array(4) });
    expect((await refusal({}, short)).message).toBe(
      'hidden:weights: parameter hidden.weight of the trainer has 4 values, the weights are 32x32',
    );
    const twice = (graph: Graph): Graph => ({
      ...graph,
      nodes: graph.nodes.flatMap((node) =>
        node.name === 'hidden'
          ? [node, { ...node, name: 'again', inputs: ['h', 'hidden.weight'], outputs: ['h2'] }]
          : [{ ...node, inputs: ['h2', 'head.weight'] }],
      ),
    });
    const shared = { ...trainer, graph: () => twice(trainer.graph()) };
    expect((await refusal({ exclude: ['head', 'again'] }, shared)).message).toMatch(
      /^hidden:weights: shares its weights hidden\.weight with again:weights, which is not to be pruned alike/,
    );
    const batches = { ...task.batches, batchesPerEpoch: 3 };
    await expect(pruneGradually(trainer, batches, options)).rejects.toThrow(
      'epoch 0 has 2 batches, expected 3',
    );
  });
});
