import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { bcrcCodec } from '@grim/bcr';
import { readArtefact, writeArtefact } from '@grim/ir';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { readNpy, writeNpy } from '../src/index.ts';
import { version } from '../src/version.ts';
import { anyArray, anyNumber, anyString, arrayWith, stringLike } from './support/any.ts';
import { buildCli, type BuiltCli } from './support/built-cli.ts';
import { vad, vadFlags } from './support/models.ts';
import { temporaryFolder } from './support/temporary-folder.ts';
import { wideModel, wideShape } from './support/wide-model.ts';

let cli: BuiltCli;
/** Files that several tests read: the model pruned, and that compiled. */
let shared: { readonly pruned: string; readonly compiled: string };

beforeAll(async () => {
  cli = await buildCli();
  const folder = join(cli.path, '../models');
  mkdirSync(folder);
  shared = { pruned: join(folder, 'pruned.grim'), compiled: join(folder, 'compiled.grim') };
  expect(cli.run(['prune', vad, ...vadFlags, '--rate', '4', '-o', shared.pruned])).toMatchObject({ code: 0 });
  expect(cli.run(['compile', shared.pruned, '-o', shared.compiled])).toMatchObject({ code: 0 });
});

afterAll(() => {
  cli.remove();
});

/** Runs a command with `--json` as a process and gives what it printed; nothing else may be on stdout. */
function json(args: readonly string[], code = 0): unknown {
  const { stdout, stderr, code: actual } = cli.run([...args, '--json']);
  expect({ code: actual, stderr }).toEqual({ code, stderr: '' });
  return JSON.parse(stdout);
}

const bytes = {
  dense: anyNumber,
  stored: anyNumber,
  gzip: anyNumber,
  csr: anyNumber,
};
const callShape = {
  layer: anyString,
  kernel: anyString,
  family: anyString,
  path: anyString,
  macs: anyNumber,
  weightBytes: anyNumber,
  padding: anyNumber,
};
const estimateShape = {
  multiplyAdds: anyNumber,
  otherOperations: anyNumber,
  transcendentals: anyNumber,
  loadedBytes: anyNumber,
  storedBytes: anyNumber,
  movedBytes: anyNumber,
  intensity: anyNumber,
};

describe('help', () => {
  test('the version is that of the package', () => {
    expect(cli.run(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });
});

describe('inspect', () => {
  test('an ONNX model: layers, bytes in every form, paths', () => {
    const result = json(['inspect', vad, ...vadFlags]) as { layers: { name: string; kind: string }[] };
    expect(result).toMatchObject({
      command: 'inspect',
      version,
      file: vad,
      format: 'onnx',
      inputs: [{ name: 'input', shape: [1, 576] }],
      outputs: [{ name: 'output', shape: [1, 1] }],
      compiled: null,
      refused: null,
      totals: {
        macs: anyNumber,
        parameters: anyNumber,
        weights: anyNumber,
        zeros: anyNumber,
        bytes,
      },
      provenance: { sourceFile: basename(vad), sourceSha256: stringLike(/^[0-9a-f]{64}$/) },
    });
    expect(result.layers.find(({ kind }) => kind === 'lstm')).toMatchObject({
      outputShapes: [[1, 1, 128], [1, 128], [1, 128]], // prettier-ignore
      macs: 131072,
      parameters: 131584,
      matrices: [
        {
          rows: 512,
          columns: 128,
          zeros: 0,
          bytes: { ...bytes, dense: 262144 },
          bcr: null,
          unprunable: null,
        },
        { rows: 512, columns: 128 },
      ],
      padding: 1,
      estimate: estimateShape,
      calls: [
        { ...callShape, estimate: { multiplyAdds: 65536 } },
        { ...callShape, estimate: { multiplyAdds: 65536 } },
        // Five functions of each of 128 units.
        { ...callShape, estimate: { ...estimateShape, transcendentals: 640 } },
      ],
    });
    const isMoved = (layer: { estimate?: { movedBytes: number } | null }): boolean =>
      (layer.estimate?.movedBytes ?? 0) > 2 * 262144;
    expect(result.layers.find(({ kind }) => kind === 'lstm')).toSatisfy(isMoved);
    const sums = result.layers.find(({ name }) => name.endsWith('Conv.even'));
    expect(sums).toMatchObject({ matrices: [{ unprunable: 'symmetric filter bank' }] });
  });

  test('a pruned model: how, and what that saves', () => {
    const result = json(['inspect', shared.pruned]) as {
      layers: {
        matrices: { bcr: unknown; zeros: number; bytes: Record<string, number> }[];
        padding: number | null;
        calls: unknown[];
      }[];
    };
    for (const { matrices, padding } of result.layers) {
      if (matrices.some(({ bcr }) => bcr !== null)) expect(padding).toBeCloseTo(1, 1);
      else if (matrices.length === 0) expect(padding).toBeNull();
    }
    const matrices = result.layers.flatMap((layer) => layer.matrices).filter(({ bcr }) => bcr !== null);
    expect(matrices.length).toBe(6);
    for (const { bcr, bytes: sizes } of matrices) {
      expect(bcr).toMatchObject({ blockRows: 64, rate: 4 });
      expect(sizes['stored']).toBeLessThan((sizes['dense'] ?? 0) * 0.3);
      expect(sizes['stored']).toBeLessThan(sizes['csr'] ?? 0);
    }
    expect(result).toMatchObject({
      format: 'grim',
      calls: arrayWith({ ...callShape, estimate: estimateShape }),
    });
  });

  test('a compiled model: calls, ports, memory, and no layers', () => {
    const result = json(['inspect', shared.compiled]);
    expect(result).toMatchObject({
      format: 'grim',
      layers: [],
      totals: null,
      refused: null,
      inputs: [{ name: 'input', shape: [1, 576] }],
      states: [{ shape: [1, 128] }, { shape: [1, 128] }],
      calls: arrayWith({ ...callShape, estimate: null }),
      compiled: {
        memoryBytes: anyNumber,
        codeBytes: anyNumber,
        imageBytes: anyNumber,
        features: ['simd128'],
        relaxedFeatures: null,
        threads: 1,
      },
    });
  });

  test('tables leave out what names share, and have no colours in a pipe', () => {
    const { code, stdout, stderr } = cli.run(['inspect', shared.pruned]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^decoder\/rnn\/LSTM +lstm/m);
    expect(stdout).toMatch(/^total /m);
    expect(stdout).toMatch(/ CSR +padding +MACs done +bytes moved +ops per byte +prunable /);
    expect(stdout).not.toContain('\x1b');
  });
});

describe('prune', () => {
  test('reports every weight, and what it wrote can be pruned again', () => {
    const folder = temporaryFolder();
    const output = join(folder, 'again.grim');
    const result = json([
      'prune',
      shared.pruned,
      '--rate',
      '1',
      '--rate',
      '*LSTM:r=8',
      '--block',
      '32x64',
      '-o',
      output,
    ]);
    expect(result).toMatchObject({ command: 'prune', output, outputBytes: readFileSync(output).length });
    const { weights } = result as { weights: { operand: string; layer: string; outcome: string }[] };
    expect(weights.find(({ operand }) => operand === 'r')).toMatchObject({
      outcome: 'pruned',
      requestedRate: 8,
      block: { rows: 32, columns: 64 },
    });
    expect(weights.find(({ operand }) => operand === 'w')).toMatchObject({
      outcome: 'dense',
      reason: 'rate 1',
    });
    const { provenance } = readArtefact(readFileSync(output), { codecs: [bcrcCodec] });
    expect(provenance.options['prune']?.split('\n').length).toBe(2);
    const { stdout } = cli.run(['inspect', output]);
    expect(stdout.match(/^ *pruned +magnitude, .*columns of blocks of \S+/gm)).toHaveLength(2);
    expect(readdirSync(folder)).toEqual(['again.grim']);
  });

  test('zeros survive the file, and values that stay are those of the model', () => {
    const graph = (file: string) => readArtefact(readFileSync(file), { codecs: [bcrcCodec] }).graph;
    const output = join(temporaryFolder(), 'dense.grim');
    expect(cli.run(['prune', vad, ...vadFlags, '--rate', '1', '-o', output]).code).toBe(0);
    const [dense, pruned] = [graph(output), graph(shared.pruned)];
    const lstm = dense?.nodes.find(({ op }) => op.kind === 'lstm')?.inputs[1] ?? '';
    const [all, kept] = [dense?.constants.get(lstm)?.data, pruned?.constants.get(lstm)?.data];
    expect(kept?.filter((weight) => weight === 0).length).toBe(512 * 128 * 0.75);
    expect(kept?.every((weight, index) => weight === 0 || weight === all?.[index])).toBe(true);
  });
});

describe('compile', () => {
  test('to a folder: named after the model, with its text, and without the graph', () => {
    const folder = join(temporaryFolder(), 'build');
    const result = json(['compile', shared.pruned, '-o', folder, '--emit-wat']);
    expect(result).toMatchObject({
      output: join(folder, 'pruned.grim'),
      wat: join(folder, 'pruned.wat'),
      bindings: [join(folder, 'pruned.mjs'), join(folder, 'pruned.d.mts')],
      target: 'wasm',
      kernels: anyNumber,
      memoryBytes: anyNumber,
      calls: arrayWith(callShape),
    });
    expect(readdirSync(folder).sort()).toEqual(['pruned.d.mts', 'pruned.grim', 'pruned.mjs', 'pruned.wat']);
    expect(readFileSync(join(folder, 'pruned.wat'), 'utf8')).toMatch(/^\(module/);
    expect(readArtefact(readFileSync(join(folder, 'pruned.grim'))).graph).toBeUndefined();
  });

  test('with the graph, it can be compiled again to the same code', () => {
    const folder = temporaryFolder();
    const [first, second] = [join(folder, 'first.grim'), join(folder, 'second.grim')];
    expect(cli.run(['compile', shared.pruned, '-o', first, '--with-graph']).code).toBe(0);
    expect(cli.run(['compile', first, '-o', second]).code).toBe(0);
    expect(readFileSync(second)).toEqual(readFileSync(shared.compiled));
  });
});

describe('run', () => {
  const frame = (seed: number): Float32Array =>
    Float32Array.from({ length: 576 }, (_, index) => Math.sin(index * 0.05 * seed) * 0.5);

  test('steps with carried state equal single runs with the state passed on', () => {
    const folder = temporaryFolder();
    const frames = [1, 2, 3].map(frame);
    const all = join(folder, 'all.npy');
    writeFileSync(
      all,
      writeNpy({ shape: [3, 1, 576], data: Float32Array.from(frames.flatMap((one) => [...one])) }),
    );
    const stacked = join(folder, 'stacked.npy');
    expect(json(['run', shared.compiled, '--input', `input=${all}`, '--steps', '-o', stacked])).toMatchObject(
      {
        command: 'run',
        steps: 3,
        outputs: [{ name: 'output', file: stacked, shape: [3, 1, 1], nonFinite: 0, first: anyArray }],
        states: [{ name: 'state.0', file: null }, { name: 'state.1' }],
      },
    );
    const together = readNpy(new Uint8Array(readFileSync(stacked)));

    const one = join(folder, 'one.npy');
    const state = join(folder, 'state');
    const singles = frames.map((values, index) => {
      writeFileSync(one, writeNpy({ shape: [1, 576], data: values }));
      const carried =
        index === 0
          ? []
          : ['state.0', 'state.1'].flatMap((name) => [
              '--initial-state',
              `${name}=${join(state, `${name}.npy`)}`,
            ]);
      // The next state goes to a folder of its own: inputs are not overwritten.
      const next = `${state}${index}`;
      expect(
        cli.run([
          'run',
          shared.compiled,
          '--input',
          `input=${one}`,
          '-o',
          folder,
          '--save-state',
          next,
          ...carried.map((argument) => argument.replace(state, `${state}${index - 1}`)),
        ]),
      ).toMatchObject({ code: 0 });
      return readNpy(new Uint8Array(readFileSync(join(folder, 'output.npy')))).data[0];
    });
    expect([...together.data]).toEqual(singles);
    expect(new Set(singles).size).toBe(3);
  });

  test('NaN goes through, and is counted', () => {
    const folder = temporaryFolder();
    const input = join(folder, 'nan.npy');
    writeFileSync(input, writeNpy({ shape: [1, 576], data: new Float32Array(576).fill(Number.NaN) }));
    expect(json(['run', shared.compiled, '--input', `input=${input}`])).toMatchObject({
      outputs: [{ nonFinite: 1, minimum: null, first: [null], file: null }],
    });
  });
});

describe('bench', () => {
  test('a pruned model beside its dense form and onnxruntime, with ratios that name their baseline', () => {
    const result = json([
      'bench',
      shared.pruned,
      '--runs',
      '40',
      '--layers',
      '--vs',
      'onnxruntime-node',
      '--onnx',
      vad,
    ]);
    const side = (name: string) => ({ name, threads: 1, p50: anyNumber, p99: anyNumber, runs: 40 });
    expect(result).toMatchObject({
      command: 'bench',
      variant: { name: 'strict', reason: 'the file has no relaxed code' },
      threads: { count: 1, reason: 'as asked for' },
      rounds: 20,
      sides: [side('grim'), side('grim dense'), side('onnxruntime-node')],
      ratios: [
        { name: 'grim', baseline: 'grim dense', ratio: anyNumber },
        { name: 'grim', baseline: 'onnxruntime-node', ratio: anyNumber },
      ],
      bytes,
      padding: arrayWith({ layer: stringLike(/LSTM$/), padding: anyNumber }),
      calls: arrayWith({ ...callShape, estimate: estimateShape, p50: anyNumber }),
      environment: { cpu: anyString, node: process.versions.node, features: ['simd128'] },
    });
  });

  test('a compiled model alone', () => {
    expect(json(['bench', shared.compiled, '--runs', '5'])).toMatchObject({
      sides: [{ name: 'grim', runs: 5 }],
      ratios: [],
      bytes: null,
      padding: arrayWith({ layer: stringLike(/LSTM$/), padding: anyNumber }),
      calls: null,
    });
    const { stdout } = cli.run(['bench', shared.compiled, '--runs', '5']);
    expect(stdout).toMatch(/^padding +at most \d\.\d\d stored weights per non-zero \(/m);
  });
});

describe('threads and relaxed SIMD', () => {
  /** The path of a model with a call that two threads can share, a frame for it, and a folder for what comes out. */
  function wide(): { graph: string; compiled: string; frame: string; folder: string } {
    const folder = temporaryFolder();
    const [graph, compiled, frame] = ['wide.grim', 'compiled.grim', 'x.npy'].map((name) =>
      join(folder, name),
    );
    writeFileSync(graph ?? '', wideModel());
    const values = Float32Array.from({ length: wideShape[1] ?? 0 }, (_, index) => Math.cos(index));
    writeFileSync(frame ?? '', writeNpy({ shape: wideShape, data: values }));
    return { graph: graph ?? '', compiled: compiled ?? '', frame: frame ?? '', folder };
  }
  const relaxed = ['simd128', 'relaxed-simd', 'atomics'];
  /** Engines differ in whether they have relaxed SIMD. */
  const eitherVariant = {
    name: stringLike(/^(strict|relaxed)$/),
    reason: stringLike(/^(simd128, relaxed-simd, atomics available|relaxed-simd is not available) here$/),
  };

  test('a model compiled for threads runs on them, to the same bits', () => {
    const { graph, compiled, frame, folder } = wide();
    expect(
      json([
        'compile',
        graph,
        '-o',
        compiled,
        '--threads',
        '2',
        '--relaxed-simd',
        '--with-graph',
        '--emit-wat',
      ]),
    ).toMatchObject({
      threads: { count: 2, reason: 'as asked for' },
      codeBytes: anyNumber,
      relaxedCodeBytes: anyNumber,
      relaxedCodeGzipBytes: anyNumber,
    });
    expect(readFileSync(join(folder, 'compiled.wat'), 'utf8')).toMatch(/\(export "runPart"\)/);
    expect(json(['inspect', compiled])).toMatchObject({
      compiled: { features: ['simd128', 'atomics'], relaxedFeatures: relaxed, threads: 2 },
      calls: arrayWith({ ...callShape, estimate: estimateShape }),
    });

    const run = (name: string, ...flags: readonly string[]) => {
      const output = join(folder, `${name}.npy`);
      const result = json(['run', compiled, '--input', `x=${frame}`, '-o', output, ...flags]);
      return { result, bytes: readFileSync(output) };
    };
    const strict = { name: 'strict', reason: 'strict code was asked for' };
    const one = run('one', '--strict');
    expect(one.result).toMatchObject({ variant: strict, threads: { count: 1, reason: 'as asked for' } });
    const two = run('two', '--strict', '--threads', '2');
    expect(two.result).toMatchObject({ variant: strict, threads: { count: 2, reason: 'as asked for' } });
    expect(two.bytes).toEqual(one.bytes);
    expect(run('three', '--threads', '3').result).toMatchObject({
      variant: eitherVariant,
      threads: { count: 2, reason: 'the model is compiled for 2 threads' },
    });
  });

  test('a graph is compiled for the threads it runs on, and bench says what ran', () => {
    const { graph, compiled, frame } = wide();
    expect(json(['run', graph, '--input', `x=${frame}`, '--threads', '2'])).toMatchObject({
      variant: { name: 'strict', reason: 'the file has no relaxed code' },
      threads: { count: 2, reason: 'as asked for' },
    });
    expect(json(['bench', graph, '--runs', '3', '--threads', '2', '--layers'])).toMatchObject({
      threads: { count: 2, reason: 'as asked for' },
      sides: [{ name: 'grim', threads: 2 }],
      calls: arrayWith({ ...callShape, estimate: estimateShape, p50: anyNumber }),
    });
    expect(cli.run(['compile', graph, '-o', compiled, '--threads', '2', '--relaxed-simd']).code).toBe(0);
    expect(json(['bench', compiled, '--runs', '3'])).toMatchObject({
      variant: eitherVariant,
      threads: { count: 1, reason: 'as asked for' },
      environment: { features: arrayWith('atomics') },
    });
    const { stdout } = cli.run(['bench', compiled, '--runs', '3', '--threads', '3', '--strict']);
    expect(stdout).toMatch(/^code +strict \(strict code was asked for\)$/m);
    expect(stdout).toMatch(/^threads +2 \(the model is compiled for 2 threads\)$/m);
  });

  test('what threads cannot share says so', () => {
    const output = join(temporaryFolder(), 'pruned.grim');
    expect(json(['compile', shared.pruned, '-o', output, '--threads', '2'])).toMatchObject({
      threads: { count: 1, reason: 'no call is large enough to be split' },
      relaxedCodeBytes: null,
      relaxedCodeGzipBytes: null,
    });
    expect(json(['bench', output, '--runs', '3', '--threads', '2'])).toMatchObject({
      threads: { count: 1, reason: 'the model is compiled for one thread' },
    });
  });
});

describe('verify', () => {
  test('the dense model equals the reference in every layer, and onnxruntime in its outputs', () => {
    const result = json(['verify', vad, ...vadFlags, '--against', vad, '--frames', '3']) as {
      values: { role: string; against: string; maxAbsError: number }[];
    };
    expect(result).toMatchObject({
      ok: true,
      frames: 3,
      seed: 1,
      tolerance: 1e-4,
      unmatched: [],
      runtimeSkipped: null,
    });
    expect(result.values.filter(({ role }) => role === 'layer').length).toBeGreaterThan(8);
    expect(result.values.filter(({ role }) => role === 'state').length).toBe(2);
    const against = result.values.filter(({ role }) => role === 'output').map((value) => value.against);
    expect(against).toEqual(['reference interpreter', 'onnxruntime-node']);
  });

  test.each(['pruned', 'compiled'] as const)('the %s model equals the ONNX model pruned alike', (which) => {
    const result = json(['verify', shared[which], '--against', vad, '--frames', '2']);
    expect(result).toMatchObject({ ok: true, runtimeSkipped: stringLike(/pruned/) });
  });

  test('changed weights are found, in their layer and at their index', () => {
    const file = join(temporaryFolder(), 'wrong.grim');
    const artefact = readArtefact(readFileSync(shared.pruned), { codecs: [bcrcCodec] });
    const layer = artefact.graph?.nodes.find(({ name }) => name.endsWith('encoder/2/reparam_conv/Conv'));
    const weights = artefact.graph?.constants.get(layer?.inputs[1] ?? '');
    // All that is left of row 0, which makes element 0 of the output.
    weights?.data.subarray(0, 128).forEach((weight, column, row) => (row[column] = weight * 4));
    writeFileSync(file, writeArtefact(artefact, { codecs: [bcrcCodec] }));
    const { values } = json(['verify', file, '--against', vad, '--frames', '1'], 1) as {
      values: { ok: boolean; layer: string; firstDifference: unknown }[];
    };
    const first = values.find(({ ok }) => !ok);
    expect(first?.layer).toBe(layer?.name);
    expect(first?.firstDifference).toMatchObject({ frame: 0, index: 0 });
  });

  test('what it says to people, and exit code 1', () => {
    const { code, stdout } = cli.run([
      'verify',
      shared.pruned,
      '--against',
      vad,
      '--tolerance',
      '0',
      '--frames',
      '1',
    ]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/result +differs from .*first in/);
    expect(stdout).toMatch(/frame 0, index \d+: .*, expected /);
  });

  test('given frames', () => {
    const folder = temporaryFolder();
    const input = join(folder, 'frames.npy');
    writeFileSync(input, writeNpy({ shape: [2, 1, 576], data: new Float32Array(2 * 576).fill(0.1) }));
    const flags = ['--against', vad, '--runtime', 'none', '--input', `input=${input}`];
    expect(json(['verify', shared.compiled, ...flags])).toMatchObject({
      ok: true,
      frames: 2,
      runtimeSkipped: 'not asked for',
    });
  });
});

describe('processes', () => {
  test('a reader that leaves early is no error', async () => {
    const child = cli.start(['inspect', shared.pruned]);
    child.stdout?.destroy();
    let stderr = '';
    child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    const code = await new Promise((resolve) => child.on('close', resolve));
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  test.each(['SIGINT', 'SIGTERM'] as const)('%s leaves no partial file', async (signal) => {
    const folder = temporaryFolder();
    const output = join(folder, 'out.grim');
    const child = cli.start(['compile', shared.pruned, '-o', output, '--with-graph']);
    const closed = new Promise((resolve) => child.on('close', resolve));
    // As soon as anything appears in the folder, the command is writing.
    const timer = setInterval(() => {
      if (readdirSync(folder).length === 0) return;
      child.kill(signal);
      clearInterval(timer);
    }, 0);
    onTestFinished(() => {
      clearInterval(timer);
    });
    await closed;
    // It may have been too late to interrupt; then all files are there, and whole.
    const left = readdirSync(folder).sort();
    if (left.length === 0) return;
    expect(left).toEqual(['out.d.mts', 'out.grim', 'out.mjs']);
    expect(readArtefact(readFileSync(output), { codecs: [bcrcCodec] }).plan).toBeDefined();
    expect(readFileSync(join(folder, 'out.mjs'), 'utf8')).toMatch(/\n}\n$/);
  });
});
