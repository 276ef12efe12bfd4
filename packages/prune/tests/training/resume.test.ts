import { describe, expect, it } from 'vitest';
import {
  pruneByAdmm,
  pruneByMagnitude,
  pruneByReweighting,
  pruneGradually,
  retrain,
  type RunOptions,
  type TrainedPruning,
  type Trainer,
  type TrainingState,
} from '../../src/index.ts';
import type { Examples } from './perceptron.ts';
import { copyOf, denseTrainer, pruning, teacherTask } from './task.ts';

const seed = 5;
const task = teacherTask(seed, 6);
const phases = {
  ...pruning,
  training: { epochs: 3, learningRate: 0.005 },
  retraining: { epochs: 2, learningRate: (fraction: number) => 0.005 * (1 - fraction) },
};
const dense = await denseTrainer(task, seed + 50, 3);
const oneShot = pruneByMagnitude(dense.graph(), pruning);

type Method = (trainer: Trainer<Examples>, run: RunOptions) => Promise<TrainedPruning>;

const methods: Record<string, Method> = {
  'admm, staged': (trainer, run) =>
    pruneByAdmm(trainer, task.batches, {
      ...phases,
      ...run,
      penalty: { schedule: 'staged', initial: 0.01, factor: 4 },
    }),
  'admm, adaptive': (trainer, run) =>
    pruneByAdmm(trainer, task.batches, {
      ...phases,
      ...run,
      stepsPerUpdate: 4,
      penalty: { schedule: 'adaptive' },
    }),
  'reweighted, rows and columns': (trainer, run) =>
    pruneByReweighting(trainer, task.batches, { ...phases, ...run, split: 'both', stepsPerUpdate: 4 }),
  gradual: (trainer, run) => pruneGradually(trainer, task.batches, { ...phases, ...run }),
  unstructured: (trainer, run) =>
    pruneGradually(trainer, task.batches, { ...phases, ...run, pattern: 'unstructured' }),
  retraining: (trainer, run) =>
    retrain(trainer, task.batches, { pruned: oneShot, ...phases.retraining, ...run }),
};

/** A state as a file gives it back. */
function stored({ tensors, json }: TrainingState): TrainingState {
  return {
    tensors: new Map(
      [...tensors].map(([name, { shape, data }]) => [name, { shape: [...shape], data: data.slice() }]),
    ),
    json: JSON.parse(JSON.stringify(json)) as Record<string, unknown>,
  };
}

/** The checkpoints of a run. */
async function statesOf(run: (options: RunOptions) => Promise<TrainedPruning>): Promise<TrainingState[]> {
  const states: TrainingState[] = [];
  await run({
    onCheckpoint: (state) => {
      states.push(stored(state));
    },
  });
  return states;
}

describe(`a run that is resumed (seed ${seed})`, () => {
  it.each(Object.keys(methods))('%s: ends as one that was never stopped, bit by bit', async (name) => {
    const method = methods[name];
    if (!method) throw new Error(name);
    const whole = copyOf(dense);
    const states: TrainingState[] = [];
    const expected = await method(whole, {
      stepsPerCheckpoint: 1,
      onCheckpoint: (state) => {
        states.push(stored(state));
      },
    });
    // One after each step; the places include the ends of epochs and phases.
    expect(states.length).toBe(name === 'retraining' ? 12 : 30);
    for (const at of new Set([0, 4, 5, 12, 17, 18, 24, states.length - 1])) {
      const state = states[at];
      if (!state) continue;
      // Another trainer, with other values.
      const trainer = await denseTrainer(task, seed + 99, 0);
      const steps: number[] = [];
      const result = await method(trainer, { resume: state, onProgress: ({ step }) => steps.push(step) });
      expect(steps).toHaveLength(states.length - at - 1);
      expect(trainer.parameters).toEqual(whole.parameters);
      expect(trainer.memory).toEqual(whole.memory);
      expect(result).toEqual(expected);
    }
    if (name === 'admm, adaptive') {
      const rhos = expected.trace.flatMap(({ weights }) => weights['hidden:weights']?.['rho'] ?? []);
      expect(new Set(rhos).size).toBeGreaterThan(1);
    }
  });

  it('leaves a checkpoint when it is told to stop, from which it goes on', async () => {
    const whole = copyOf(dense);
    const expected = await methods['gradual']?.(whole, {});
    const trainer = copyOf(dense);
    const stop = new AbortController();
    const states: TrainingState[] = [];
    const stopped = methods['gradual']?.(trainer, {
      signal: stop.signal,
      stepsPerCheckpoint: 100,
      onProgress: ({ step }) => {
        if (step === 8) stop.abort(new Error('enough'));
      },
      onCheckpoint: (state) => {
        states.push(stored(state));
      },
    });
    await expect(stopped).rejects.toThrow('enough');
    expect(states.map(({ json }) => json['step'])).toEqual([8]);
    const resumed = copyOf(dense);
    const result = await methods['gradual']?.(resumed, states[0] ? { resume: states[0] } : {});
    expect(result).toEqual(expected);
  });

  it('ends alike when it is told to stop with the last step of a phase', async () => {
    const method = methods['admm, staged'];
    const expected = await method?.(copyOf(dense), {});
    const stop = new AbortController();
    const states: TrainingState[] = [];
    let steps = 0;
    const stopped = method?.(copyOf(dense), {
      signal: stop.signal,
      onProgress: () => {
        if (++steps === 18) stop.abort(new Error('enough'));
      },
      onCheckpoint: (state) => {
        states.push(stored(state));
      },
    });
    await expect(stopped).rejects.toThrow('enough');
    const last = states.at(-1);
    expect(last?.json).toMatchObject({ phase: 1, step: 0 });
    const result = await method?.(copyOf(dense), last ? { resume: last } : {});
    // The energy that masks keep is measured where the phase begins: once.
    expect(result).toEqual(expected);
  });

  it('refuses a checkpoint of other options, networks or methods by name', async () => {
    const [state] = await statesOf((run) =>
      pruneGradually(copyOf(dense), task.batches, { ...phases, ...run }),
    );
    if (!state) throw new Error('no state');
    const resume = (changes: object, changed: Partial<TrainingState> = {}): Promise<TrainedPruning> =>
      pruneGradually(copyOf(dense), task.batches, {
        ...phases,
        ...changes,
        resume: { ...state, ...changed },
      });
    await expect(resume({ rate: 8 })).rejects.toThrow('the checkpoint was made with rate 4, now it is 8');
    await expect(resume({ budget: 'global' })).rejects.toThrow(
      'the checkpoint was made with budget none, now it is global',
    );
    await expect(resume({ training: { epochs: 4, learningRate: 0.005 } })).rejects.toThrow(
      /made with training/,
    );
    await expect(
      pruneGradually(copyOf(dense), { ...task.batches, batchesPerEpoch: 5 }, { ...phases, resume: state }),
    ).rejects.toThrow('the checkpoint was made with batchesPerEpoch 6, now it is 5');
    await expect(methods['admm, staged']?.(copyOf(dense), { resume: state })).rejects.toThrow(
      'the checkpoint was made with method gradual, now it is admm',
    );
    await expect(resume({}, { json: { ...state.json, format: 2 } })).rejects.toThrow(
      'is of format 2, expected 1',
    );
    await expect(resume({}, { json: { ...state.json, step: -1 } })).rejects.toThrow(
      'step of the checkpoint is -1',
    );
    await expect(resume({}, { json: { ...state.json, trace: 1 } })).rejects.toThrow('has no trace');
    const without = (name: string): Map<string, never> =>
      new Map([...state.tensors].filter(([key]) => key !== name)) as Map<string, never>;
    await expect(resume({}, { tensors: without('parameter/head.weight') })).rejects.toThrow(
      'the checkpoint holds no parameter head.weight',
    );
    await expect(resume({}, { tensors: without('method/mask/hidden.weight') })).rejects.toThrow(
      'hidden:weights: the checkpoint holds no mask of hidden.weight',
    );
    for (const [changed, problem] of [
      [{ phase: 3 }, 'the checkpoint is at step 6 of phase 3 of 2, which has 0 steps'],
      [{ step: 9999 }, 'the checkpoint is at step 9999 of gradual, which has 18 steps'],
    ] as const) {
      const trainer = copyOf(dense);
      const resumed = pruneGradually(trainer, task.batches, {
        ...phases,
        resume: { ...state, json: { ...state.json, ...changed } },
      });
      await expect(resumed).rejects.toThrow(problem);
      // What is refused leaves the trainer as it was.
      expect(trainer.parameters).toEqual(dense.parameters);
    }
    const short = { shape: [10], data: new Float32Array(10) };
    await expect(
      resume({}, { tensors: new Map(state.tensors).set('method/mask/hidden.weight', short) }),
    ).rejects.toThrow(
      'hidden:weights: the checkpoint holds 10 values of mask of hidden.weight, expected 1024',
    );
    const late = (from: number) => ({
      epochs: 2,
      learningRate: (fraction: number) => (fraction < from ? 0.005 : 0.001),
    });
    const [scheduled] = await statesOf((run) =>
      pruneGradually(copyOf(dense), task.batches, { ...phases, retraining: late(0.9), ...run }),
    );
    await expect(
      pruneGradually(copyOf(dense), task.batches, {
        ...phases,
        retraining: late(0.99),
        ...(scheduled && { resume: scheduled }),
      }),
    ).rejects.toThrow(/made with retraining/);
    const more = new Map(state.tensors).set('parameter/other', { shape: [1], data: new Float32Array(1) });
    await expect(resume({}, { tensors: more })).rejects.toThrow(
      'the checkpoint holds parameter/other, which the trainer does not know',
    );
    const flat = new Map(state.tensors).set('parameter/head.weight', {
      shape: [128],
      data: new Float32Array(128),
    });
    await expect(resume({}, { tensors: flat })).rejects.toThrow(
      'the checkpoint has parameter head.weight of shape [128], the trainer [4,32]',
    );
  });
});
