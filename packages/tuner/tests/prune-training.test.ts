import { readFileSync, writeFileSync } from 'node:fs';
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
    prune: (options, progress) =>
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
      ),
  };
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
    const refusal = async (options: Partial<PruneOptions>): Promise<string> => {
      const error: unknown = await prune(options).then(
        () => new Error('nothing was refused'),
        (reason: unknown) => reason,
      );
      if (error instanceof GrimError) return error.problem;
      throw error;
    };
    expect(await refusal({ data: {} })).toBe('0 example(s) are too few to train on');
    expect(await refusal({ method: 'reconstruct' })).toMatch(/^--labels, --epochs, .* are for --method admm/);
    expect(await refusal({ epochs: 0.5 })).toBe('--epochs must be a whole number of 1 or more, got 0.5');
    expect(await refusal({ learningRate: -1 })).toBe(
      '--learning-rate must be a finite number above 0, got -1',
    );
    expect(await refusal({ validationShare: 1 })).toBe(
      '--validation-share must be above 0 and below 1, got 1',
    );
    expect(await refusal({ labels: file('few.npy', [3], new Float32Array(3)) })).toBe(
      'holds 3 classes for 160 examples',
    );
    expect(await refusal({ labels: file('high.npy', [count], new Float32Array(count).fill(4)) })).toBe(
      'holds 4, expected classes from 0 to 3',
    );
  });
});
