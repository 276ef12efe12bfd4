import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bcrcCodec } from '@grim/bcr';
import { GrimError, readArtefact, type Graph } from '@grim/ir';
import { writeWav } from '@grim/speech';
import { describe, expect, test } from 'vitest';
import { runCompile, runPrune, runVerify, writeNpy, type PruneOptions } from '../src/index.ts';
import type { Progress } from '../src/progress.ts';
import { graphModel } from './support/graph-model.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

const columns = 24;
const graph: Graph = {
  name: 'layer',
  inputs: [{ name: 'x', shape: [1, columns] }],
  outputs: [{ name: 'y', value: 'y' }],
  states: [],
  constants: new Map([
    [
      'w',
      {
        shape: [32, columns],
        data: Float32Array.from({ length: 32 * columns }, (_, index) => Math.sin(index * index * 0.7) + 1e-4),
      },
    ],
  ]),
  nodes: [{ name: 'layer', op: { kind: 'linear' }, inputs: ['x', 'w', null], outputs: ['y'] }],
};

/** A signal in which neighbours say much about each other. */
const signal = Float32Array.from({ length: 1000 }, (_, index) => Math.sin(index / 3) + Math.sin(index / 7));

interface Scene {
  readonly folder: string;
  readonly prune: (
    options: Partial<PruneOptions>,
    progress?: (progress: Progress) => void,
  ) => ReturnType<typeof runPrune>;
}

function scene(): Scene {
  const folder = temporaryFolder();
  const model = join(folder, 'model.grim');
  writeFileSync(model, graphModel(graph));
  return {
    folder,
    prune: (options, progress) =>
      runPrune(
        {
          model,
          output: join(folder, 'pruned.grim'),
          method: 'reconstruct',
          rate: 4,
          block: { rows: 32, columns },
          split: 'columns',
          ...options,
        },
        progress,
      ),
  };
}

function write(folder: string, name: string, bytes: Uint8Array): string {
  const file = join(folder, name);
  writeFileSync(file, bytes);
  return file;
}

async function refusal(promise: Promise<unknown>): Promise<GrimError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof GrimError) return error;
  throw new Error('was not refused');
}

describe('grim prune --method reconstruct', () => {
  test('from windows of recordings: outputs err less than by magnitude, the file says how it was pruned', async () => {
    const { folder, prune } = scene();
    const speech = write(
      folder,
      'speech.wav',
      writeWav({ sampleRate: 8000, channels: [signal] }, { format: 'float32' }),
    );
    const steps: string[] = [];
    const result = await prune({ data: { x: [speech, speech] }, hop: 12 }, ({ stage, done, total }) =>
      steps.push(`${stage} ${done}/${total}`),
    );
    const windows = Math.floor((1000 - columns) / 12) + 1;
    expect(result).toMatchObject({ method: 'reconstruct', calibrationRuns: 2 * windows });
    expect(steps).toHaveLength(2 * windows + 1);
    expect(steps.at(-1)).toBe('reconstructing 1/1');
    const [weight] = result.weights;
    if (weight?.outcome !== 'pruned' || !weight.reconstruction) throw new Error('was not reconstructed');
    expect(weight.reconstruction.vectors).toBe(2 * windows);
    expect(weight.reconstruction.outputError).toBeLessThan(0.2 * weight.reconstruction.magnitudeOutputError);
    const file = readArtefact(new Uint8Array(readFileSync(result.output)), { codecs: [bcrcCodec] });
    expect(JSON.parse(file.provenance.options['prune'] ?? '')).toEqual({
      method: 'reconstruct',
      rate: 4,
      block: { rows: 32, columns },
      split: 'columns',
    });
  });

  test('from .npy files of one run or several, and from recordings at another rate', async () => {
    const { folder, prune } = scene();
    const one = write(folder, 'one.npy', writeNpy({ shape: [1, columns], data: signal.slice(0, columns) }));
    const many = write(
      folder,
      'many.npy',
      writeNpy({ shape: [40, 1, columns], data: signal.slice(0, 40 * columns) }),
    );
    expect(await prune({ data: { x: [one] } })).toMatchObject({ calibrationRuns: 1 });
    expect(await prune({ data: { x: [one, many] } })).toMatchObject({ calibrationRuns: 41 });
    const speech = write(
      folder,
      'a.wav',
      writeWav({ sampleRate: 8000, channels: [signal, signal] }, { format: 'float32' }),
    );
    expect(await prune({ data: { x: [speech] }, sampleRate: 4000 })).toMatchObject({
      calibrationRuns: Math.floor(500 / columns),
    });
  });

  test('at a rate of the model, each weight within what its columns allow', async () => {
    const { folder, prune } = scene();
    const speech = write(
      folder,
      'speech.wav',
      writeWav({ sampleRate: 8000, channels: [signal] }, { format: 'float32' }),
    );
    const result = await prune({ data: { x: [speech] }, rateOf: 'model' });
    const { elements, zeros } = result.totals;
    expect(elements / (elements - zeros)).toBeGreaterThanOrEqual(4);
    const { message } = await refusal(prune({ method: 'magnitude', rateOf: 'model' }));
    expect(message).toBe('--rate-of model is for --method reconstruct with a --rate');
  });

  test('it is verified with the pruned graph: the dense one has other weights', async () => {
    const { folder, prune } = scene();
    const data = {
      x: [write(folder, 'x.npy', writeNpy({ shape: [40, 1, columns], data: signal.slice(0, 40 * columns) }))],
    };
    const { file: dense, output: pruned } = await prune({ data });
    const compiled = join(folder, 'compiled.grim');
    await runCompile({ model: pruned, output: compiled });
    for (const model of [pruned, compiled]) {
      expect(await runVerify({ model, against: pruned })).toMatchObject({
        ok: true,
        unmatched: [],
        runtimeSkipped: `${pruned} is no ONNX model`,
      });
      const { message } = await refusal(runVerify({ model, against: dense }));
      expect(message).toContain(`${model}: was pruned by reconstruct, which changes the weights that stay`);
      expect(message).toContain(`not ${dense}`);
    }
    const other = join(folder, 'other.grim');
    await prune({ data, rate: 2, output: other });
    expect(await runVerify({ model: compiled, against: other })).toMatchObject({ ok: false });
  });

  test('what does not fit is refused by name', async () => {
    const { folder, prune } = scene();
    const npy = (name: string, shape: number[]): string =>
      write(
        folder,
        name,
        writeNpy({ shape, data: new Float32Array(shape.reduce((product, extent) => product * extent, 1)) }),
      );
    const wrong = npy('wrong.npy', [5, 7]);
    const short = write(
      folder,
      'short.wav',
      writeWav({ sampleRate: 8000, channels: [signal.slice(0, 10)] }, { format: 'float32' }),
    );
    expect((await refusal(prune({}))).message).toMatch(/needs calibration inputs: --data/);
    expect((await refusal(prune({ method: 'magnitude', hop: 3 }))).message).toMatch(
      /are for methods other than magnitude/,
    );
    expect((await refusal(prune({ data: { z: [wrong] } }))).message).toBe(
      '--data: there is no input z; the model has: x [1,24]',
    );
    const shape = await refusal(prune({ data: { x: [wrong] } }));
    expect(shape.message).toMatch(/input x needs shape \[1,24\], or \[runs,1,24\], the array has \[5,7\]/);
    expect(shape.context.file).toBe(wrong);
    const broken = join(folder, 'broken.npy');
    const data = new Float32Array(3 * columns).fill(1);
    data[columns + 9] = NaN;
    writeFileSync(broken, writeNpy({ shape: [3, 1, columns], data }));
    const finite = await refusal(prune({ data: { x: [broken] } }));
    expect(finite.message).toMatch(/broken\.npy: run 1 of input x holds NaN at index 9, expected numbers$/);
    expect((await refusal(prune({ data: { x: [wrong] }, hop: 3 }))).message).toMatch(
      /is no \.wav file, and --hop and --sample-rate are for these/,
    );
    expect((await refusal(prune({ data: { x: [short] }, hop: 0 }))).message).toMatch(/at least 1/);
    expect((await refusal(prune({ data: { x: [short] } }))).message).toMatch(
      /has 10 samples, input x needs 24/,
    );
    expect((await refusal(prune({ data: { x: [npy('none.npy', [0, 1, columns])] } }))).message).toMatch(
      /there are no calibration inputs/,
    );
    expect((await refusal(prune({ data: { x: [join(folder, 'missing.npy')] } }))).message).toMatch(
      /missing\.npy/,
    );
  });
});
