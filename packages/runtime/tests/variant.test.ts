import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, expect, test, vi } from 'vitest';
import { featureProbes } from '../src/features.ts';
import { loadModel } from '../src/index.ts';
import { assemble } from './support/assemble.ts';
import { leakyFile, leakyText } from './support/leaky-model.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

const probe = Uint8Array.from(featureProbes['relaxed-simd'] ?? []);
const isRelaxedSimdOn = WebAssembly.validate(probe);

/** The relaxed code of these files computes something else on purpose, so that results tell which one ran. */
function fileWithRelaxedCode(relaxedFeatures = ['simd128', 'relaxed-simd'], text = leakyText): Uint8Array {
  const relaxedText = text.replace('f32x4 0.5 0.5 0.5 0.5', 'f32x4 0.25 0.25 0.25 0.25');
  return leakyFile({ plan: { relaxedFeatures }, artefact: { relaxedCode: assemble(relaxedText) } });
}

/** The third channel after one step on zeros: 8 · decay · −3. */
const strictResult = -12;
const relaxedResult = -6;

async function load(
  file: Uint8Array,
  strict = false,
): Promise<{ variant: string; reason: string; result: number | undefined }> {
  const model = await loadModel(file, { strict });
  const { name, reason } = model.variant;
  return { variant: name, reason, result: model.createSession().step(new Float32Array(4))[2] };
}

test('a file without relaxed code runs its strict code', async () => {
  expect(await load(leakyFile())).toEqual({
    variant: 'strict',
    reason: 'the file has no relaxed code',
    result: strictResult,
  });
});

test('relaxed code is taken where its features are there', async () => {
  // The features of this file are everywhere where this test runs.
  expect(await load(fileWithRelaxedCode(['simd128', 'sign-ext']))).toEqual({
    variant: 'relaxed',
    reason: 'simd128, sign-ext available here',
    result: relaxedResult,
  });
});

test('strict code is taken when it is asked for', async () => {
  expect(await load(fileWithRelaxedCode(['simd128']), true)).toEqual({
    variant: 'strict',
    reason: 'strict code was asked for',
    result: strictResult,
  });
});

test('an engine without relaxed SIMD runs the strict code and says why', async () => {
  const { validate } = WebAssembly;
  vi.spyOn(WebAssembly, 'validate').mockImplementation(
    (bytes) => !Buffer.from(bytes as Uint8Array).equals(probe) && validate(bytes),
  );
  expect(await load(fileWithRelaxedCode())).toEqual({
    variant: 'strict',
    reason: 'relaxed-simd is not available here',
    result: strictResult,
  });
});

test('features of later releases are not available', async () => {
  expect((await load(fileWithRelaxedCode(['simd-of-tomorrow']))).reason).toBe(
    'simd-of-tomorrow is not available here',
  );
});

test('an engine that was started with relaxed SIMD takes it', async () => {
  // relaxed_madd in earnest: s · 0.25 + x.
  const text = leakyText.replace(
    /\(f32x4\.add[^;]*?offset=32 \(i32\.const 0\)\)\)\)/,
    `(f32x4.relaxed_madd
      (v128.load offset=64 (i32.const 0)) (v128.const f32x4 0.5 0.5 0.5 0.5)
      (v128.load offset=32 (i32.const 0))))`,
  );
  expect(text).toContain('relaxed_madd');
  const folder = await mkdtemp(join(tmpdir(), 'grim-variant-'));
  const file = join(folder, 'leaky.grim');
  await writeFile(file, fileWithRelaxedCode(undefined, text));
  const flags = isRelaxedSimdOn ? [] : ['--experimental-wasm-relaxed-simd'];
  const loader = new URL('../../../tools/typescript/src/register.mjs', import.meta.url).href;
  const program = fileURLToPath(new URL('support/print-variant.ts', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [
    ...flags,
    '--conditions=@grim/source',
    `--import=${loader}`,
    program,
    file,
  ]);
  await rm(folder, { recursive: true });
  expect(JSON.parse(stdout)).toEqual({
    variant: { name: 'relaxed', reason: 'simd128, relaxed-simd available here' },
    result: [0, 0, relaxedResult, 0],
  });
});
