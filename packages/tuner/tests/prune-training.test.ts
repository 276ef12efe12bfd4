import { copyFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bcrcCodec } from '@grim/bcr';
import { GrimError, readArtefact, type Graph, type Node } from '@grim/ir';
import { describe, expect, test } from 'vitest';
import { runPrune, writeNpy, type PruneOptions } from '../src/index.ts';
import type { Progress } from '../src/progress.ts';
import { graphModel } from './support/graph-model.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

const inputs = 24;
const hidden = 32;
const count = 160;
const values = (length: number, scale: number, seed: number): Float32Array =>
  Float32Array.from({ length }, (_, index) => Math.sin(seed + index * index * 0.7) * scale);

/** A network whose weights are as they are: what it says are the labels. */
function network(last: readonly Node[] = []): Graph {
  return {
    name: 'network',
    inputs: [{ name: 'x', shape: [1, inputs] }],
    outputs: [{ name: 'y', value: last.at(-1)?.outputs[0] ?? 'logits' }],
    states: [],
    constants: new Map([
      ['first', { shape: [hidden, inputs], data: values(hidden * inputs, 0.5, 1) }],
      ['second', { shape: [4, hidden], data: values(4 * hidden, 0.5, 2) }],
    ]),
    nodes: [
      {
        name: 'hidden',
        op: { kind: 'linear', activation: { function: 'relu' } },
        inputs: ['x', 'first'],
        outputs: ['h'],
      },
      { name: 'head', op: { kind: 'linear' }, inputs: ['h', 'second'], outputs: ['logits'] },
      ...last,
    ],
  };
}

const x = values(count * inputs, 1, 3);

/** The class with the largest logit, for each example. */
const labels = Float32Array.from({ length: count }, (_, example) => {
  const { constants } = network();
  const [first, second] = [constants.get('first')?.data ?? x, constants.get('second')?.data ?? x];
  const h = Array.from({ length: hidden }, (_row, row) => {
    let sum = 0;
    for (let at = 0; at < inputs; at++)
      sum += (first[row * inputs + at] ?? 0) * (x[example * inputs + at] ?? 0);
    return Math.max(0, sum);
  });
  const logits = Array.from({ length: 4 }, (_row, row) =>
    h.reduce((sum, value, at) => sum + value * (second[row * hidden + at] ?? 0), 0),
  );
  return logits.indexOf(Math.max(...logits));
});

interface Scene {
  readonly folder: string;
  readonly file: (name: string, shape: readonly number[], data: Float32Array) => string;
  readonly prune: (
    options: Partial<PruneOptions>,
    progress?: (progress: Progress) => void,
    signal?: AbortSignal,
  ) => ReturnType<typeof runPrune>;
}

function scene(graph = network()): Scene {
  const folder = temporaryFolder();
  const model = join(folder, 'model.grim');
  writeFileSync(model, graphModel(graph));
  const file: Scene['file'] = (name, shape, data) => {
    const path = join(folder, name);
    writeFileSync(path, writeNpy({ shape, data }));
    return path;
  };
  const examples = file('x.npy', [count, 1, inputs], x);
  return {
    folder,
    file,
    prune: (options, progress, signal) =>
      runPrune(
        {
          model,
          output: join(folder, 'pruned.grim'),
          method: 'admm',
          rate: 4,
          block: { rows: 8, columns: inputs },
          split: 'columns',
          exclude: ['head'],
          data: { x: [examples] },
          epochs: 5,
          learningRate: 0.005,
          batchSize: 16,
          ...options,
        },
        progress,
        signal,
      ),
  };
}

/** The error that users see. */
async function refusedBy(action: () => Promise<unknown>): Promise<GrimError> {
  const error: unknown = await action().then(
    () => new Error('nothing was refused'),
    (reason: unknown) => reason,
  );
  if (error instanceof GrimError) return error;
  throw error;
}

describe('grim prune with training', () => {
  test.each(['admm', 'reweighted', 'gradual'] as const)(
    '%s learns what the dense model says',
    async (method) => {
      const { folder, prune } = scene();
      const told: Progress[] = [];
      const result = await prune({ method }, (progress) => told.push(progress));
      expect(result.method).toBe(method);
      expect(result.weights.map(({ outcome }) => outcome)).toEqual(['pruned', 'dense']);
      expect(result.training).toMatchObject({
        objective: 'distillation',
        examples: 144,
        validationExamples: 16,
        dense: { loss: 0, accuracy: null },
      });
      // 1 is always saying the mean.
      expect(result.training?.pruned.loss).toBeGreaterThan(0);
      expect(result.training?.pruned.loss).toBeLessThan(0.9);
      expect(told.at(-1)).toMatchObject({ done: 2 * 9, total: 2 * 9 });
      expect(told.at(-1)?.stage).toMatch(/^retraining, loss /);
      const { graph, provenance } = readArtefact(readFileSync(join(folder, 'pruned.grim')), {
        codecs: [bcrcCodec],
      });
      expect(graph?.constants.get('first')?.data.filter((value) => value === 0)).toHaveLength(
        (hidden * inputs * 3) / 4,
      );
      expect(provenance.options['prune']).toContain(`"method":"${method}"`);
    },
  );

  test('gives layers their batch norm back while they are trained', async () => {
    const { folder, prune } = scene();
    const result = await prune({ batchNorm: ['hid*'] });
    // The dense network says what it did, and the pruned one has learnt from it.
    expect(result.training?.dense.loss).toBeLessThan(1e-8);
    expect(result.training?.pruned.loss).toBeLessThan(0.9);
    const { graph } = readArtefact(readFileSync(join(folder, 'pruned.grim')), { codecs: [bcrcCodec] });
    expect(graph?.nodes.map(({ name }) => name)).toEqual(['hidden', 'head']);
    expect(graph?.constants.get('first')?.data.filter((value) => value === 0)).toHaveLength(
      (hidden * inputs * 3) / 4,
    );
    const other = await scene().prune({});
    expect(result.training?.pruned.loss).not.toBe(other.training?.pruned.loss);
  });

  test('learns labels from logits and from probabilities alike, and the same each time', async () => {
    const softmax: Node = {
      name: 'softmax',
      op: { kind: 'softmax', axis: 1 },
      inputs: ['logits'],
      outputs: ['p'],
    };
    const scores = [];
    for (const graph of [network(), network(), network([softmax])]) {
      const { file, prune } = scene(graph);
      const result = await prune({ labels: file('labels.npy', [count], labels) });
      expect(result.training).toMatchObject({ objective: 'cross-entropy', dense: { accuracy: 1 } });
      expect(result.training?.pruned.accuracy).toBeGreaterThan(0.4);
      scores.push(result.training);
    }
    expect(scores[1]).toEqual(scores[0]);
    expect(scores[2]?.dense.loss).toBeCloseTo(scores[0]?.dense.loss ?? NaN, 4);
    expect(scores[2]?.trace[0]?.loss).toBeCloseTo(scores[0]?.trace[0]?.loss ?? NaN, 3);
  });

  test('refuses what does not fit by name', async () => {
    const { file, prune } = scene();
    const refusal = async (options: Partial<PruneOptions>): Promise<string> =>
      (await refusedBy(() => prune(options))).problem;
    expect(await refusal({ data: {} })).toBe('0 example(s) are too few to train on');
    expect(await refusal({ method: 'reconstruct' })).toMatch(/^--labels, --epochs, .* are for --method admm/);
    expect(await refusal({ epochs: 0.5 })).toBe('--epochs must be a whole number of 1 or more, got 0.5');
    expect(await refusal({ learningRate: -1 })).toBe(
      '--learning-rate must be a finite number above 0, got -1',
    );
    expect(await refusal({ validationShare: 1 })).toBe(
      '--validation-share must be above 0 and below 1, got 1',
    );
    expect(await refusal({ batchNorm: ['conv*'] })).toBe(
      '--batch-norm "conv*" matches no convolution or linear layer',
    );
    expect(await refusal({ labels: file('few.npy', [3], new Float32Array(3)) })).toBe(
      'holds 3 numbers, expected the number of a class for each of 160 examples',
    );
    const oneHot = file('one-hot.npy', [count, 4], new Float32Array(4 * count));
    expect(await refusal({ labels: oneHot })).toBe(
      'holds 640 numbers, expected the number of a class for each of 160 examples',
    );
    expect(await refusal({ labels: file('high.npy', [count], new Float32Array(count).fill(4)) })).toBe(
      'holds 4, expected classes from 0 to 3',
    );
  });
});

describe('grim prune with a checkpoint', () => {
  test('goes on to the bytes of a run that was never stopped', async () => {
    const { folder, file, prune } = scene();
    const output = join(folder, 'pruned.grim');
    const checkpoint = join(folder, 'run.safetensors');
    const kept = join(folder, 'kept.safetensors');
    const options = { checkpoint, labels: file('labels.npy', [count], labels), batchNorm: ['hidden'] };
    // What was there after the second epoch of five, before the third.
    let steps = 0;
    const whole = await prune(options, () => {
      if (++steps === 2 * 9 + 1) copyFileSync(checkpoint, kept);
    });
    const { resumedFrom, trace, ...how } = whole.training ?? {};
    expect(resumedFrom).toBeNull();
    expect(trace?.length).toBeGreaterThan(0);
    const { provenance } = readArtefact(new Uint8Array(readFileSync(output)), { codecs: [bcrcCodec] });
    expect(JSON.parse(provenance.options['prune'] ?? '')).toMatchObject({ method: 'admm', training: how });
    expect(how).toMatchObject({ epochs: 5, batchNorm: ['hidden'] });
    expect(existsSync(checkpoint)).toBe(false);
    const bytes = readFileSync(output);

    copyFileSync(kept, checkpoint);
    steps = 0;
    const resumed = await prune(options, () => steps++);
    expect(steps).toBe(3 * 9);
    expect(readFileSync(output).equals(bytes)).toBe(true);
    expect(resumed).toEqual({ ...whole, training: { ...whole.training, resumedFrom: 2 * 9 } });
    expect(existsSync(checkpoint)).toBe(false);
  });

  test('a run that is stopped leaves a checkpoint of that step and nothing else', async () => {
    const { folder, prune } = scene();
    const checkpoint = join(folder, 'run.safetensors');
    const options = { method: 'gradual', epochs: 2 } as const;
    const whole = await prune(options);
    const bytes = readFileSync(join(folder, 'pruned.grim'));
    const stop = new AbortController();
    let steps = 0;
    const stopped = prune(
      { ...options, checkpoint, output: join(folder, 'other.grim') },
      () => {
        if (++steps === 13) stop.abort(new Error('enough'));
      },
      stop.signal,
    );
    await expect(stopped).rejects.toThrow('enough');
    expect(readdirSync(folder).sort()).toEqual(['model.grim', 'pruned.grim', 'run.safetensors', 'x.npy']);
    const resumed = await prune({ ...options, checkpoint });
    expect(readFileSync(join(folder, 'pruned.grim')).equals(bytes)).toBe(true);
    expect(resumed.training).toEqual({ ...whole.training, resumedFrom: 13 });
  });

  test('refuses checkpoints of other runs, and what is none, by name', async () => {
    const { folder, file, prune } = scene();
    const checkpoint = join(folder, 'run.safetensors');
    const stop = new AbortController();
    stop.abort(new Error('enough'));
    await expect(prune({ checkpoint }, undefined, stop.signal)).rejects.toThrow('enough');
    const bytes = readFileSync(checkpoint);
    const refusal = async (options: Partial<PruneOptions>): Promise<string> =>
      (await refusedBy(() => prune({ checkpoint, ...options }))).message;
    const named = (problem: string): string => `${checkpoint}: ${problem}`;

    const other = join(folder, 'other.grim');
    const graph = network();
    const first = graph.constants.get('first');
    if (first) first.data[0] = -0.25;
    writeFileSync(other, graphModel(graph));
    expect(await refusal({ model: other })).toBe(
      named('is a checkpoint of another model: its layers or weights differ'),
    );
    const data = { x: [file('other.npy', [count, 1, inputs], values(count * inputs, 1, 4))] };
    expect(await refusal({ data })).toBe(named('is a checkpoint of a run on other examples (--data)'));
    expect(await refusal({ labels: file('labels.npy', [count], labels) })).toBe(
      named('is a checkpoint of a run with other --labels, or without'),
    );
    expect(await refusal({ epochs: 6 })).toBe(named('is a checkpoint of a run with --epochs 5, now it is 6'));
    expect(await refusal({ learningRate: 0.01 })).toBe(
      named('is a checkpoint of a run with --learning-rate 0.005, now it is 0.01'),
    );
    expect(await refusal({ method: 'gradual' })).toBe(
      named('is a checkpoint of a run with --method "admm", now it is "gradual"'),
    );
    expect(await refusal({ layers: ['hidden'] })).toBe(
      named('is a checkpoint of a run with --layers none, now it is ["hidden"]'),
    );
    // It is as it was: what is refused is not overwritten.
    expect(readFileSync(checkpoint).equals(bytes)).toBe(true);

    writeFileSync(checkpoint, bytes.subarray(0, -4));
    expect(await refusal({})).toMatch(/run\.safetensors: tensor .* is at bytes/);
    writeFileSync(checkpoint, 'a letter to somebody');
    expect(await refusal({})).toMatch(/run\.safetensors: is no checkpoint: a header of/);
    const { writeCheckpoint } = await import('@grim/training');
    const foreign = writeCheckpoint({ tensors: new Map(), json: {} });
    writeFileSync(checkpoint, foreign);
    expect(await refusal({})).toBe(named('is a checkpoint, but not one of grim prune'));

    const output = join(folder, 'both.grim');
    expect(await refusal({ checkpoint: output, output })).toBe(`${output}: is also another output`);
    expect(await refusal({ sensitivity: output, output })).toBe(`${output}: is also another output`);
    expect(await refusal({ plots: output, output })).toBe(`${output}: is also another output`);
    expect(await refusal({ checkpoint: join(folder, 'x.npy') })).toMatch(/x\.npy: is also an input/);
    expect(
      await refusal({
        method: 'magnitude',
        epochs: undefined,
        learningRate: undefined,
        batchSize: undefined,
      }),
    ).toMatch(/--checkpoint are for --method admm, reweighted and gradual$/);
    expect(await refusal({ block: 'auto', latencyModel: 'measured' })).toMatch(
      /^--checkpoint is not for --latency-model measured/,
    );
  });
});
