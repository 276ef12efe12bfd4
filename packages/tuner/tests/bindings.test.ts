import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { GrimError } from '@grim/ir';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { bindingFormNames } from '../src/bindings/binding-settings.ts';
import { runCompile, runPrune, type WasmCompileOptions } from '../src/index.ts';
import { version } from '../src/version.ts';
import { vad, vadBytes, vadSettings } from './support/models.ts';

// As the package does: a library that is loaded when it is needed.
const { bindingForms } = await import('@grim/bindings');

/** Bytes of the pruned model. */
let pruned: Uint8Array;

/** A new folder from which packages are found. */
function newFolder(): string {
  const parent = join(import.meta.dirname, '../tmp');
  mkdirSync(parent, { recursive: true });
  return mkdtempSync(join(parent, 'bindings-'));
}

beforeAll(async () => {
  const folder = newFolder();
  const output = join(folder, 'pruned.grim');
  const block = { rows: 64, columns: 128 };
  await runPrune({
    model: vad,
    ...vadSettings,
    output,
    method: 'magnitude',
    rate: 4,
    block,
    split: 'columns',
  });
  pruned = new Uint8Array(readFileSync(output));
  rmSync(folder, { recursive: true });
});

/** A folder with the pruned model, gone after the test. */
function folderWithModel(): string {
  const folder = newFolder();
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
  });
  writeFileSync(join(folder, 'pruned.grim'), pruned);
  return folder;
}

/** Compiles the model of a folder to `vad.grim` there. */
async function compileIn(
  folder: string,
  options: Partial<WasmCompileOptions> = {},
): Promise<readonly string[]> {
  const paths = { model: join(folder, 'pruned.grim'), output: join(folder, 'vad.grim') };
  return (await runCompile({ ...paths, ...options })).bindings;
}

async function refusalOf(action: Promise<unknown>): Promise<string> {
  const error: unknown = await action.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(GrimError);
  return (error as GrimError).message;
}

/** What the test uses of the module. */
interface VadModule {
  readonly vadPorts: { readonly inputs: { readonly input: { readonly length: number } } };
  readonly loadVad: () => Promise<{
    readonly createSession: () => {
      readonly step: (inputs: { input: Float32Array }) => { output: Float32Array };
      readonly getState: () => Record<string, Float32Array>;
    };
  }>;
}

describe('the module beside a compiled model', () => {
  test('loads and runs it', async () => {
    const folder = folderWithModel();
    const [module = ''] = await compileIn(folder);
    const { loadVad, vadPorts } = (await import(pathToFileURL(module).href)) as VadModule;
    const session = (await loadVad()).createSession();
    const { length } = vadPorts.inputs.input;
    expect(length).toBe(576);
    const input = Float32Array.from({ length }, (_, index) => Math.sin(index / 9) / 2);
    const [first] = session.step({ input }).output;
    const [second] = session.step({ input }).output;
    expect(first).toBeGreaterThan(0);
    expect(first).toBeLessThan(1);
    expect(second).not.toBe(first);
    expect(Object.keys(session.getState())).toEqual(['state.0', 'state.1']);
  });

  test('says where the model comes from, how it was pruned and what it takes', async () => {
    const folder = folderWithModel();
    for (const file of await compileIn(folder)) {
      const text = readFileSync(file, 'utf8');
      const model = readFileSync(join(folder, 'vad.grim'));
      const hash = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
      for (const fact of [
        'Source: silero_vad_v5.onnx',
        `SHA-256 of the source: ${hash(vadBytes())}`,
        `Written by: GRIM ${version}, \\@grim/onnx ${version}`,
        'Pruned: by magnitude, rate 4, columns of blocks of 64 × 128',
        'Weights: 254720 in 9 matrices, 65.7 % of them zero',
        `File: vad.grim, ${model.length} bytes, SHA-256 ${hash(model)}`,
      ]) {
        expect(text).toContain(` * - ${fact}\n`);
      }
      expect(text).toMatch(/ \* - Work: \d+ multiply-adds, padding included\n \* - Memory: \d+ bytes\n/);
    }
  });

  test('is the same whenever and wherever the model is compiled', async () => {
    const [one, other] = [folderWithModel(), folderWithModel()];
    const texts = async (folder: string) =>
      (await compileIn(folder)).map((file) => readFileSync(file, 'utf8'));
    const first = await texts(one);
    expect(await texts(other)).toEqual(first);
    expect(await texts(one)).toEqual(first);
  });

  test.each(bindingFormNames)('is written as %s', async (form) => {
    const folder = folderWithModel();
    const names = Object.values(bindingForms[form]).map((extension) => `vad${extension}`);
    expect(await compileIn(folder, { bindings: form })).toEqual(names.map((name) => join(folder, name)));
    expect(readdirSync(folder).sort()).toEqual([...names, 'pruned.grim', 'vad.grim'].sort());
  });

  test('every form can be chosen', () => {
    expect([...bindingFormNames].sort()).toEqual(Object.keys(bindingForms).sort());
  });

  test('is not written when it is not wanted', async () => {
    const folder = folderWithModel();
    expect(await compileIn(folder, { bindings: false })).toEqual([]);
    expect(readdirSync(folder).sort()).toEqual(['pruned.grim', 'vad.grim']);
  });

  test('is named as asked for', async () => {
    const folder = folderWithModel();
    const [module = ''] = await compileIn(folder, { bindingsName: 'voice activity' });
    expect(Object.keys((await import(pathToFileURL(module).href)) as object).sort()).toEqual([
      'loadVoiceActivity',
      'voiceActivityPorts',
    ]);
  });

  test.each(['// mine\n', '', '// @generated by something else'])(
    'takes the place of no file with %j, and nothing else is written then',
    async (text) => {
      const folder = folderWithModel();
      const file = join(folder, 'vad.d.mts');
      writeFileSync(file, text);
      expect(await refusalOf(compileIn(folder))).toBe(
        `${file}: is there and was not written by grim compile; choose another output, --bindings or --no-bindings`,
      );
      expect(readdirSync(folder).sort()).toEqual(['pruned.grim', 'vad.d.mts']);
      expect(readFileSync(file, 'utf8')).toBe(text);
    },
  );

  test('cannot be named when it is not wanted', async () => {
    const settings = { bindings: false, bindingsName: 'silero' } as const;
    expect(await refusalOf(compileIn(folderWithModel(), settings))).toBe(
      'no typed module is wanted, which could be named after silero',
    );
  });

  test('cannot be written where a folder is', async () => {
    const folder = folderWithModel();
    mkdirSync(join(folder, 'vad.mjs'));
    expect(await refusalOf(compileIn(folder))).toMatch(
      /vad\.mjs: cannot be written, a folder is in its place$/,
    );
    expect(readdirSync(folder).sort()).toEqual(['pruned.grim', 'vad.mjs']);
  });
});
