import { spawnSync } from 'node:child_process';
import {
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bcrcCodec } from '@grim/bcr';
import { readArtefact } from '@grim/ir';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { main } from '../src/cli/main.ts';
import { runCompile, runPrune, writeNpy } from '../src/index.ts';
import { stringLike } from './support/any.ts';
import { vad, vadBytes, vadFlags, vadSettings } from './support/models.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

/*
 * What the command refuses: exit code 2, one line on stderr, nothing on stdout, no file written. In this process, since
 * nothing here depends on one of its own.
 */

let folder: string;
let pruned: string;
let compiled: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'grim-refusals-'));
  pruned = join(folder, 'pruned.grim');
  compiled = join(folder, 'compiled.grim');
  const settings = {
    method: 'magnitude',
    rate: 4,
    block: { rows: 64, columns: 128 },
    split: 'columns',
  } as const;
  await runPrune({ model: vad, output: pruned, ...vadSettings, ...settings });
  await runCompile({ model: pruned, output: compiled });
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

async function grim(...args: readonly string[]) {
  let [stdout, stderr] = ['', ''];
  const code = await main(args, {
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
  });
  return { code, stdout, stderr };
}

/** The one line that a refused command prints. */
async function refusal(...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await grim(...args);
  expect({ code, stdout, stderr }).toEqual({
    code: 2,
    stdout: '',
    stderr: stringLike(/^grim: .*\n$/),
  });
  return stderr.slice('grim: '.length, -1);
}

describe('usage', () => {
  test.each(['inspect', 'prune', 'compile', 'run', 'bench', 'verify'])(
    '%s explains itself',
    async (command) => {
      const { code, stdout, stderr } = await grim(command, '--help');
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).toMatch(new RegExp(`Examples:\n  grim ${command} `));
      expect(stdout).toContain('--json');
    },
  );

  test.each([
    [[], /Usage: grim/],
    [['polish'], /^grim: unknown command 'polish'/],
    [['inspet', 'x'], /Did you mean inspect/],
    [['inspect'], /^grim: missing required argument 'MODEL'/],
    [['inspect', 'x', '--nonsense'], /^grim: unknown option '--nonsense'/],
    [['prune', 'x', '-o', 'y.grim'], /--rate/],
    [['prune', 'x', '-o', 'y.grim', '--rate', 'four'], /four is not a number/],
    [['prune', 'x', '-o', 'y.grim', '--rate', '4', '--block', '8'], /64x128/],
    [['prune', 'x', '-o', 'y.grim', '--rate', '4', '--method', 'lasso'], /magnitude/],
    [['prune', 'x', '-o', 'y.grim', '--rate', '4', '--method', 'admm'], /admm needs examples: --data/],
    [['inspect', 'x', '--set', 'sr'], /--set sr=16000/],
    [['inspect', 'x', '--shape', 'input=1,0'], /at least 1/],
    [['inspect', 'x', '--state', 'a:b:c'], /h=hn/],
    [['bench', 'x', '--runs', '0'], /at least 1/],
    [
      ['compile', 'x', '-o', 'y.grim', '--threads', '0'],
      /'--threads <N>'.* 0 is not an integer from 1 to 256/,
    ],
    [
      ['compile', 'x', '-o', 'y.grim', '--threads', '257'],
      /'--threads <N>'.* 257 is not an integer from 1 to 256/,
    ],
    [['run', 'x', '--threads', '1.5'], /'--threads <N>'.* 1.5 is not an integer from 1 to 256/],
    [['bench', 'x', '--threads', 'all'], /'--threads <N>'.* all is not a number/],
    [['run', 'x', '--threads'], /'--threads <N>' argument missing/],
    [
      ['compile', 'x', '-o', 'y.grim', '--bindings', 'cjs'],
      /'cjs' is invalid. Allowed choices are mjs, js, ts/,
    ],
    [['compile', 'x', '-o', 'y.grim', '--strict'], /^grim: --strict is not an option of --target wasm\n/],
    [
      ['compile', 'x', '-o', 'y.grim', '--precision', 'f16'],
      /^grim: --precision is not an option of --target wasm\n/,
    ],
    [
      ['compile', 'x', '-o', 'y', '--target', 'neon', '--precision', 'f64'],
      /'--precision <FLOATS>'.*Allowed choices are f32, f16/,
    ],
    [
      ['compile', 'x', '-o', 'y', '--target', 'neon', '--threads', '1'],
      /--threads is not an option of --target neon/,
    ],
    [
      ['compile', 'x', '-o', 'y', '--target', 'neon', '--cpu', 'z80'],
      /cpu z80 is not known; available: cortex-a55, /,
    ],
    [
      ['compile', 'x', '-o', 'y', '--target', 'neon', '--weights', 'json'],
      /'--weights <FORM>'.*Allowed choices are c, binary/,
    ],
    [
      ['compile', 'x', '-o', 'y', '--target', 'neon', '--prefix', '3d'],
      /prefix 3d is not a name in C of at most 64 characters/,
    ],
    [['compile', 'x', '-o', 'y', '--target', 'neon', '--prefix', 'int'], /prefix int is not a name in C/],
    [
      ['compile', 'x', '-o', 'missing/y', '--target', 'neon'],
      /missing\/y: cannot be written, the folder .*missing does not exist/,
    ],
    [['verify', 'x', '--against', 'y', '--tolerance=-1'], /negative/],
  ])('%j is wrong', async (args, problem) => {
    const { code, stdout, stderr } = await grim(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(problem);
  });
});

describe('models', () => {
  test.each([
    ['missing.onnx', /missing.onnx: does not exist$/],
    ['.', /: is a folder, not a file$/],
    ['pipe', /pipe: is not a regular file$/],
    ['text.onnx', /text.onnx: not an ONNX model/],
    ['empty.onnx', /empty.onnx: not an ONNX model/],
    ['truncated.onnx', /truncated.onnx: not an ONNX model/],
    ['truncated.grim', /truncated.grim: .*ends at byte/],
    ['damaged.grim', /damaged.grim: .*checksum/],
  ])('%s', async (name, problem) => {
    const own = temporaryFolder();
    const bytes = readFileSync(compiled);
    spawnSync('mkfifo', [join(own, 'pipe')]);
    writeFileSync(join(own, 'text.onnx'), 'hello, world');
    writeFileSync(join(own, 'empty.onnx'), '');
    writeFileSync(join(own, 'truncated.onnx'), vadBytes().subarray(0, 100_000));
    writeFileSync(join(own, 'truncated.grim'), bytes.subarray(0, 5_000));
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    writeFileSync(join(own, 'damaged.grim'), bytes);
    expect(await refusal('inspect', join(own, name))).toMatch(problem);
  });

  test.each([
    [[], /sr: .*--set sr=1/],
    [['--set', 'sr=16000'], /input: .*--shape input=1,512/],
    [['--set', 'rate=16000', '--shape', 'input=1,576'], /--set names rate, .*input, state, sr/],
    [['--set', 'sr=0.5', '--shape', 'input=1,576'], /0.5 is not a value of type int64/],
    [['--set', 'sr=16000', '--shape', 'input=576'], /shape \[576\] does not fit/],
    [[...vadFlags, '--state', 'a:b'], /--state names input a/],
  ])('%j says which flag to give', async (flags, problem) => {
    expect(await refusal('inspect', vad, ...flags)).toMatch(problem);
  });

  test('a weight that is NaN', async () => {
    const file = join(temporaryFolder(), 'nan.onnx');
    const { graph } = readArtefact(readFileSync(pruned), { codecs: [bcrcCodec] });
    const layer = graph?.nodes.find(({ name }) => name.endsWith('encoder/0/reparam_conv/Conv'));
    const bias = graph?.constants.get(layer?.inputs[2] ?? '')?.data ?? new Float32Array(0);
    const bytes = Buffer.from(vadBytes());
    const at = bytes.indexOf(Buffer.from(new Uint8Array(bias.slice(0, 16).buffer)));
    expect(at).toBeGreaterThan(0);
    bytes.writeFloatLE(Number.NaN, at);
    writeFileSync(file, bytes);
    expect(await refusal('inspect', file, ...vadFlags)).toMatch(/NaN at index 0/);
  });

  test('settings for ONNX are no use to a .grim file', async () => {
    expect(await refusal('inspect', pruned, ...vadFlags)).toMatch(/are for ONNX models/);
  });

  test('what holds no graph is not compiled or pruned', async () => {
    const output = join(temporaryFolder(), 'x.grim');
    const problem = /compiled.grim: is compiled and holds no graph.*--with-graph/;
    expect(await refusal('compile', compiled, '-o', output)).toMatch(problem);
    expect(await refusal('prune', compiled, '-o', output, '--rate', '2')).toMatch(problem);
  });

  test.each([
    ['gpu', /target gpu is not known; available: wasm, neon/],
    ['toString', /target toString is not known/],
    ['neon', /x.grim: is the name of a .grim file, but --target neon writes a folder/],
  ])('target %s', async (target, problem) => {
    const output = join(temporaryFolder(), 'x.grim');
    expect(await refusal('compile', pruned, '-o', output, '--target', target)).toMatch(problem);
  });

  test('a comparison needs the ONNX file or a graph', async () => {
    expect(await refusal('bench', compiled, '--vs', 'onnxruntime-web')).toMatch(/with --onnx/);
    expect(await refusal('verify', pruned, '--against', compiled)).toMatch(
      /compiled.grim: is compiled and holds no graph/,
    );
  });

  test('mutated .grim files are read or refused, never a defect', async () => {
    const original = new Uint8Array(readFileSync(pruned));
    const file = join(temporaryFolder(), 'mutated.grim');
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(4096), fc.nat(255)), { minLength: 1, maxLength: 4 }),
        fc.oneof(fc.constant(original.length), fc.nat(original.length)),
        async (changes, length) => {
          const bytes = original.slice(0, length);
          for (const [at, value] of changes) bytes[at] = value;
          writeFileSync(file, bytes);
          const { code, stderr } = await grim('inspect', file, '--json');
          expect([0, 2], stderr).toContain(code);
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe('pruning that does not fit the model', () => {
  test.each([
    [['--layers', 'nothing*'], /layers pattern "nothing\*" matches no layer/],
    [['--rate', '0.5'], /the pruning rate must be a finite number of 1 or more, got 0.5/],
    [['--block', '48x128'], /LSTM.*span two gates/],
  ])('%j', async (flags, problem) => {
    const own = temporaryFolder();
    const line = await refusal('prune', vad, ...vadFlags, '--rate', '4', '-o', join(own, 'x.grim'), ...flags);
    expect(line.startsWith(`${vad}: `)).toBe(true);
    expect(line).toMatch(problem);
    expect(readdirSync(own)).toEqual([]);
  });

  test('patterns before the model are each of an option of its own', async () => {
    const output = join(temporaryFolder(), 'x.grim');
    const flags = ['--exclude', '*LSTM', '--exclude', 'nothing*'];
    const line = await refusal('prune', ...flags, vad, ...vadFlags, '--rate', '4', '-o', output);
    expect(line).toMatch(/exclude pattern "nothing\*" matches no layer/);
  });
});

describe('arrays', () => {
  test.each([
    [['--input', 'sound=@good.npy'], /there is no input sound; the model has: input \[1,576\]/],
    [[], /input input is missing; the model has: input \[1,576\]/],
    [['--input', 'input=@missing.npy'], /missing.npy: does not exist$/],
    [['--input', 'input=@short.npy'], /short.npy: input input needs shape \[1,576\], the array has \[1,5\]$/],
    [['--input', 'input=@short.npy', '--steps'], /needs shape \[steps,1,576\]/],
    [['--input', 'input=@text.npy'], /text.npy: is not a .npy file$/],
    [['--input', 'input=@good.npy', '--initial-state', 'h=@good.npy'], /there is no state h/],
    [['--input', 'input=@good.npy', '-o', '@missing/deep'], /missing\/deep: does not exist/],
    [['--input', 'input=@good.npy', '-o', '@text.npy/deep'], /no folder/],
    [['--input', 'input=@good.npy', '-o', '@good.npy'], /good.npy: is also an input/],
    [['--input', 'input=@good.npy', '--save-state', '@states.npy'], /one file, but there are 2 arrays/],
  ])('%j', async (flags, problem) => {
    const own = temporaryFolder();
    writeFileSync(join(own, 'short.npy'), writeNpy({ shape: [1, 5], data: new Float32Array(5) }));
    writeFileSync(join(own, 'good.npy'), writeNpy({ shape: [1, 576], data: new Float32Array(576) }));
    writeFileSync(join(own, 'text.npy'), 'hello');
    const args = flags.map((flag) => flag.replace('@', `${own}/`));
    expect(await refusal('run', compiled, ...args)).toMatch(problem);
    expect(readdirSync(own).sort()).toEqual(['good.npy', 'short.npy', 'text.npy']);
  });
});

describe('outputs', () => {
  test('the input is not overwritten under any of its names', async () => {
    const own = temporaryFolder();
    const original = readFileSync(pruned);
    const [model = '', link = '', hard = ''] = ['model.grim', 'link.grim', 'hard.grim'].map((name) =>
      join(own, name),
    );
    writeFileSync(model, original);
    symlinkSync(model, link);
    linkSync(model, hard);
    for (const output of [model, link, hard, join(own, 'missing/../model.grim')]) {
      expect(await refusal('prune', model, '--rate', '2', '-o', output)).toMatch(/is also an input/);
    }
    expect(readFileSync(model)).toEqual(original);
    expect(readdirSync(own).length).toBe(3);
  });

  test.each([
    ['missing/out.grim', /folder .*missing does not exist/],
    ['file/out.grim', /file is no folder/],
    ['folder.grim', /a folder is in its place/],
    ['pipe.grim', /not a regular file/],
    ['missing/../pipe.grim', /not a regular file/],
  ])('%s', async (output, problem) => {
    const own = temporaryFolder();
    writeFileSync(join(own, 'file'), '');
    mkdirSync(join(own, 'folder.grim'));
    spawnSync('mkfifo', [join(own, 'pipe.grim')]);
    expect(await refusal('prune', pruned, '--rate', '2', '-o', `${own}/${output}`)).toMatch(problem);
    expect(readdirSync(own).sort()).toEqual(['file', 'folder.grim', 'pipe.grim']);
  });

  test.each([
    ['', /^the name of the output is empty$/],
    ['missing/out.grim', /folder .*missing does not exist/],
    ['missing/out', /folder .*missing does not exist/],
    ['file', /file: is neither a .grim file nor a folder; end its name in .grim, or give a folder$/],
    ['new.wasm', /new.wasm: is neither a .grim file nor a folder/],
    ['new.MJS', /new.MJS: is neither a .grim file nor a folder/],
    ['folder.grim', /folder.grim: cannot be written, a folder is in its place$/],
    ['out.grim', /out.mjs: is there and was not written by grim compile/],
    ['used', /pruned.wat: cannot be written, a folder is in its place$/],
  ])('compile to %j', async (output, problem) => {
    const own = temporaryFolder();
    writeFileSync(join(own, 'file'), '');
    writeFileSync(join(own, 'out.mjs'), 'export {};');
    mkdirSync(join(own, 'folder.grim'));
    mkdirSync(join(own, 'used/pruned.wat'), { recursive: true });
    const path = output === '' ? '' : join(own, output);
    expect(await refusal('compile', pruned, '--emit-wat', '-o', path)).toMatch(problem);
    expect(readdirSync(own, { recursive: true }).sort()).toEqual(
      ['file', 'folder.grim', 'out.mjs', 'used', 'used/pruned.wat'].sort(),
    );
  });

  test('a model that cannot be compiled leaves no folder', async () => {
    const own = temporaryFolder();
    for (const target of ['wasm', 'neon']) {
      const folder = join(own, target);
      expect(await refusal('compile', compiled, '--target', target, '-o', folder)).toMatch(/holds no graph/);
      expect(await refusal('compile', join(own, 'missing.onnx'), '--target', target, '-o', folder)).toMatch(
        /missing.onnx: does not exist/,
      );
    }
    expect(readdirSync(own)).toEqual([]);
  });

  test('compile to a folder that does not exist yet makes it, and one that is named like a file may be used', async () => {
    const own = temporaryFolder();
    mkdirSync(join(own, 'old.wasm'));
    for (const output of ['v1.2', 'old.wasm']) {
      expect((await grim('compile', pruned, '-o', join(own, output))).code).toBe(0);
      expect(readdirSync(join(own, output)).sort()).toEqual(['pruned.d.mts', 'pruned.grim', 'pruned.mjs']);
    }
    expect(readdirSync(own).sort()).toEqual(['old.wasm', 'v1.2']);
  });
});
