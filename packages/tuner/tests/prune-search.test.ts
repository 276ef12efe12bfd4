import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bcrcCodec } from '@grim/bcr';
import { GrimError, readArtefact, type Graph, type Tensor } from '@grim/ir';
import type { Sensitivity } from '@grim/prune';
import { describe, expect, test } from 'vitest';
import { main } from '../src/cli/main.ts';
import { runPrune, writeNpy, type PruneOptions, type PruneResult } from '../src/index.ts';
import { recordedPruning } from '../src/prune/recorded-pruning.ts';
import { graphModel } from './support/graph-model.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

function weights(rows: number, columns: number, seed: number): Tensor {
  const value = (index: number): number => Math.sin(seed + index * index * 0.7) + 1e-4;
  return {
    shape: [rows, columns],
    data: Float32Array.from({ length: rows * columns }, (_, index) => value(index)),
  };
}

/** Three layers, the last one of which is too small to gain much. */
const graph: Graph = {
  name: 'three',
  inputs: [{ name: 'x', shape: [1, 64] }],
  outputs: [{ name: 'y', value: 'y' }],
  states: [],
  constants: new Map([
    ['w1', weights(64, 64, 1)],
    ['w2', weights(8, 64, 2)],
    ['w3', weights(4, 8, 3)],
  ]),
  nodes: [
    { name: 'first', op: { kind: 'linear' }, inputs: ['x', 'w1', null], outputs: ['a'] },
    { name: 'second', op: { kind: 'linear' }, inputs: ['a', 'w2', null], outputs: ['b'] },
    { name: 'third', op: { kind: 'linear' }, inputs: ['b', 'w3', null], outputs: ['y'] },
  ],
};

interface Scene {
  readonly folder: string;
  readonly model: string;
  readonly output: string;
  readonly prune: (options: Partial<PruneOptions>) => Promise<PruneResult>;
}

function scene(): Scene {
  const folder = temporaryFolder();
  const model = join(folder, 'model.grim');
  const output = join(folder, 'pruned.grim');
  writeFileSync(model, graphModel(graph));
  return {
    folder,
    model,
    output,
    prune: (options) =>
      runPrune({
        model,
        output,
        method: 'magnitude',
        split: 'columns',
        block: { rows: 8, columns: 16 },
        ...options,
      }),
  };
}

async function refusal(promise: Promise<unknown>): Promise<string> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof GrimError) return error.message;
  throw new Error('was not refused');
}

/** Runs the command in this process. */
async function grim(...args: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const written = { stdout: '', stderr: '' };
  const stream = (name: 'stderr' | 'stdout') => ({
    write: (text: string) => {
      written[name] += text;
      return true;
    },
  });
  const code = await main(args, { stdout: stream('stdout'), stderr: stream('stderr') });
  return { code, ...written };
}

describe('search of blocks', () => {
  test('--block auto finds blocks by latency, and the file says which', async () => {
    const { model, output } = scene();
    const { code, stdout, stderr } = await grim(
      ...['prune', model, '-o', output, '--rate', '4', '--block', 'auto', '--slowdown', '1.3', '--json'],
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const { search, weights: pruned } = JSON.parse(stdout) as PruneResult;
    expect(search).toMatchObject({ sensitivity: null, rates: null, blocks: { slowdown: 1.3 } });
    expect(search?.network.prunedSeconds).toBeLessThan(search?.network.denseSeconds ?? NaN);
    const [first] = search?.blocks?.weights ?? [];
    expect(first?.weights).toEqual(['first:weights']);
    expect(first?.candidates.at(-1)).toMatchObject({ block: { rows: 64, columns: 64 }, slowdown: 1 });
    expect(pruned[0]).toMatchObject({ outcome: 'pruned', block: first?.chosen });
    const { provenance } = readArtefact(new Uint8Array(readFileSync(output)), { codecs: [bcrcCodec] });
    const [recorded] = recordedPruning(provenance);
    expect(recorded).toMatchObject({
      method: 'magnitude',
      rate: 4,
      block: { 'first:weights': first?.chosen },
    });
    expect(Object.keys(recorded ?? {})).not.toContain('slowdown');
  });

  test('what people see: blocks, rates, the target', async () => {
    const { model, output } = scene();
    const { code, stdout } = await grim(
      ...['prune', model, '-o', output, '--target-latency', '0.7x', '--block', 'auto'],
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(/finest block within 1\.1x/);
    expect(stdout).toMatch(/energy lost at +2x +3x +4x/);
    expect(stdout).toMatch(/latencies +estimated: a core of an x86-64 server/);
    expect(stdout).toMatch(/target +[\d.]+ µs of [\d.]+ µs; layer by layer/);
    expect(stdout).toMatch(/third:weights.*the target is reached with less error without it/);
  });
});

describe('rates for a target', () => {
  test('size: the file keeps within it, and says the rates as if they had been given', async () => {
    const { prune, output, folder, model } = scene();
    const result = await prune({ target: { of: 'size', atMost: 8000 } });
    const { search, totals } = result;
    expect(totals.storedBytes).toBeLessThanOrEqual(8000);
    expect(search?.rates?.predicted.bytes).toBe(totals.storedBytes);
    expect(search?.rates?.weights[2]).toMatchObject({ rate: null });
    expect(result.weights[2]).toMatchObject({ outcome: 'dense', reason: search?.rates?.weights[2]?.reason });
    const { provenance } = readArtefact(new Uint8Array(readFileSync(output)), { codecs: [bcrcCodec] });
    const [recorded] = recordedPruning(provenance);
    if (!recorded) throw new Error('nothing is recorded');
    const again = join(folder, 'again.grim');
    await runPrune({ model, output: again, ...recorded });
    expect(readFileSync(again).equals(readFileSync(output))).toBe(true);
  });

  test('latency: the pruned network keeps within it', async () => {
    const { prune } = scene();
    const { search } = await prune({ target: { of: 'latency', atMost: 0.6, isShare: true } });
    const { denseSeconds = NaN, prunedSeconds = NaN } = search?.network ?? {};
    expect(prunedSeconds).toBeLessThanOrEqual(0.6 * denseSeconds * (1 + 1e-9));
    expect(search?.sensitivity?.error).toBe('energy');
    expect(search?.latencyTarget).toEqual({ seconds: 0.6 * denseSeconds, reached: true });
  });

  test('a search can be stopped', async () => {
    const { model, output } = scene();
    const stop = new AbortController();
    const stages: string[] = [];
    const running = runPrune(
      {
        model,
        output,
        method: 'magnitude',
        block: 'auto',
        split: 'columns',
        target: { of: 'size', atMost: 8000 },
      },
      ({ stage }) => {
        stages.push(stage);
        if (stage === 'pruning') stop.abort(new Error('enough'));
      },
      stop.signal,
    );
    await expect(running).rejects.toThrow('enough');
    expect(stages.filter((stage) => stage === 'pruning')).toHaveLength(1);
    expect(existsSync(output)).toBe(false);
  });

  test('latency: a target that layers reach and the network does not is refused as it was given', async () => {
    const { prune } = scene();
    const { search } = await prune({ target: { of: 'latency', atMost: 0.99, isShare: true } });
    const least = (search?.sensitivity?.weights ?? []).reduce(
      (sum, { dense, points }) =>
        sum - dense.seconds + Math.min(dense.seconds, ...points.map(({ seconds }) => seconds)),
      search?.network.denseSeconds ?? NaN,
    );
    const share = least / (search?.network.denseSeconds ?? NaN);
    const met = await prune({ target: { of: 'latency', atMost: share * 1.2, isShare: true } });
    expect(met.search?.latencyTarget?.reached).toBe(true);
    await expect(prune({ target: { of: 'latency', atMost: share * 0.5, isShare: true } })).rejects.toThrow(
      /the target of [\d.]+ ms cannot be reached/,
    );
  });

  test('multiply-adds, with calibration inputs: by magnitude and reconstructed', async () => {
    const { prune, folder } = scene();
    const data = join(folder, 'x.npy');
    const values = Float32Array.from(
      { length: 20 * 64 },
      (_, index) => Math.sin(index / 3) + Math.sin(index * index),
    );
    writeFileSync(data, writeNpy({ shape: [20, 1, 64], data: values }));
    const target = { of: 'macs', atMost: 0.5, isShare: true } as const;
    const file = join(folder, 'sensitivity.json');
    const byMagnitude = await prune({ target, data: { x: [data] }, sensitivity: file });
    const reconstructed = await prune({ target, data: { x: [data] }, method: 'reconstruct' });
    for (const { search, calibrationRuns } of [byMagnitude, reconstructed]) {
      expect(calibrationRuns).toBe(20);
      expect(search?.sensitivity?.error).toBe('output');
      expect(search?.rates?.predicted.macs).toBeLessThanOrEqual(0.5 * (search?.rates?.dense.macs ?? NaN));
    }
    expect(reconstructed.search?.rates?.error).toBeLessThan(byMagnitude.search?.rates?.error ?? NaN);
    const written = JSON.parse(readFileSync(file, 'utf8')) as { sensitivity: Sensitivity };
    expect(written.sensitivity).toEqual(byMagnitude.search?.sensitivity);
  });

  test('--sensitivity with given rates', async () => {
    const { model, output, folder } = scene();
    const file = join(folder, 'sensitivity.json');
    expect(await grim('prune', model, '-o', output, '--rate', '4', '--sensitivity', file)).toMatchObject({
      code: 0,
    });
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({
      blocks: null,
      rates: null,
      sensitivity: { error: 'energy' },
    });
  });
});

describe('bad input', () => {
  test.each([
    [['--target-size', '50'], /the target of 50 bytes cannot be reached: rates up to \d+x come to \d+ bytes/],
    [['--target-latency', '1.5x'], /keeps within the target of .* as it is/],
    [['--target-latency', '3'], /3 is no target of latency: give it as in 0\.5x or 3ms/],
    [['--target-macs', '-2M'], /no target of macs/],
    [['--target-size', '0x'], /more than nothing/],
    [['--target-size', '0.5x', '--rate', '4'], /cannot be used with option/],
    [['--target-size', '0.5x', '--target-macs', '0.5x'], /cannot be used with option/],
    [[], /--rate, or one of --target-latency, --target-size and --target-macs/],
    [['--rate', '4', '--slowdown', '1.2'], /--slowdown is for --block auto/],
    [['--rate', '4', '--block', 'auto', '--slowdown', '0.5'], /must be 1 or more/],
    [['--rate', '4', '--block', 'auto', '--block', 'first=8x8'], /--block auto is for all layers/],
    [['--rate', '4', '--latency-model', 'measured'], /are for --block auto, targets and --sensitivity/],
    [['--rate', '4', '--block', 'auto', '--latency-cache', 'c.json'], /is for --latency-model measured/],
    [['--rate', '4', '--block', 'auto', '--latency-model', 'guess'], /estimate, measured/],
    [['--rate', '4', '--hop', '3'], /are for methods other than magnitude, targets and --sensitivity/],
    [['--rate', '4', '--sensitivity', '/nowhere/s.json'], /nowhere\/s\.json: cannot be written/],
  ])('%j', async (flags, problem) => {
    const { model, output } = scene();
    const { code, stderr, stdout } = await grim('prune', model, '-o', output, ...flags);
    expect(stderr).toMatch(problem);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(existsSync(output)).toBe(false);
  });

  test('targets and rates exclude each other in the function, too', async () => {
    const { prune } = scene();
    expect(await refusal(prune({ rate: 2, target: { of: 'size', atMost: 1 } }))).toMatch(
      /exclude each other/,
    );
  });
});
