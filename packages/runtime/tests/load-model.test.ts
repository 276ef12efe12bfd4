import { afterEach, expect, test, vi } from 'vitest';
import { featureProbes } from '../src/features.ts';
import { GrimError, loadModel } from '../src/index.ts';
import { assemble } from './support/assemble.ts';
import { leakyFile, leakyReference, leakyText } from './support/leaky-model.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

async function refusalOf(bytes: Uint8Array): Promise<GrimError> {
  try {
    await loadModel(bytes, { file: 'leaky.grim' });
  } catch (error) {
    if (error instanceof GrimError) return error;
    throw error;
  }
  throw new Error('the file was not refused');
}

test('a model loads from any view of its bytes and keeps none of them', async () => {
  const file = leakyFile();
  const shifted = new Uint8Array(file.length + 3);
  shifted.set(file, 3);
  const frame = Float32Array.of(1, 2, 3, 4);
  const expected = leakyReference([frame]).outputs[0];
  const copies = [file.slice(), file.slice().buffer, shifted.subarray(3), Buffer.from(file)];
  for (const bytes of copies) {
    const model = await loadModel(bytes);
    new Uint8Array(ArrayBuffer.isView(bytes) ? bytes.buffer : bytes).fill(0xff);
    const session = model.createSession();
    expect([...session.step(frame)]).toEqual(expected);
    session.reset();
    expect([...session.step(frame)]).toEqual(expected);
  }
});

test('memory has the pages that the plan needs and no more', async () => {
  const text = leakyText.replace('(memory 1)', '(memory 3)');
  expect((await loadModel(leakyFile({ text, plan: { memoryBytes: 131_088 } }))).memoryBytes).toBe(196_608);
});

test('an engine without a needed feature is named as the reason', async () => {
  vi.spyOn(WebAssembly, 'validate').mockReturnValue(false);
  expect((await refusalOf(leakyFile())).message).toBe(
    'leaky.grim: section plan: needs the WebAssembly feature simd128, which this engine does not support',
  );
});

test.each(['simd-of-tomorrow', 'constructor', '__proto__'])(
  'the unknown feature %s is refused',
  async (feature) => {
    expect((await refusalOf(leakyFile({ plan: { features: [feature] } }))).message).toBe(
      `leaky.grim: section plan: needs the WebAssembly feature ${feature}, which this release does not know`,
    );
  },
);

test.each([
  ['atomics', '(module (memory 1 1 shared))'],
  ['bulk-memory', '(module (memory 0) (func (memory.fill (i32.const 0) (i32.const 0) (i32.const 0))))'],
  ['nontrapping-fptoint', '(module (func (drop (i32.trunc_sat_f32_s (f32.const 0)))))'],
  [
    'relaxed-simd',
    '(module (func (param v128) (drop (f32x4.relaxed_madd (local.get 0) (local.get 0) (local.get 0)))))',
  ],
  ['sign-ext', '(module (func (drop (i32.extend8_s (i32.const 0)))))'],
  ['simd128', '(module (func (param v128) (drop (f32x4.add (local.get 0) (local.get 0)))))'],
])('the probe of %s is the module it says', (feature, text) => {
  expect(featureProbes[feature]).toEqual([...assemble(text)]);
});

test('code that is no module is refused', async () => {
  const { message } = await refusalOf(leakyFile({ artefact: { code: Uint8Array.of(1, 2, 3) } }));
  expect(message).toMatch(/^leaky\.grim: section code: is not a valid WebAssembly module: /);
  expect(message).not.toContain('\n');
});

test('code may import nothing but its memory', async () => {
  const text = leakyText.replace('(module', '(module (import "env" "fetch" (func))');
  expect((await refusalOf(leakyFile({ text }))).message).toBe(
    'leaky.grim: section code: imports function env.fetch; a model may import only memory env.memory',
  );
});

test.each(['run', 'weigh'])('code without the export %s is refused', async (name) => {
  const text = leakyText.replace(`(export "${name}")`, `(export "${name}2")`);
  expect((await refusalOf(leakyFile({ text }))).message).toBe(
    `leaky.grim: section code: exports no function ${name}`,
  );
});

test('an export that is no function is refused', async () => {
  const text = leakyText
    .replace('(export "weigh")', '')
    .replace('(module', '(module (export "weigh" (memory 0))');
  expect((await refusalOf(leakyFile({ text }))).message).toBe(
    'leaky.grim: section code: exports no function weigh',
  );
});

test('code that wants more memory than its plan is refused', async () => {
  const text = leakyText.replace('(memory 1)', '(memory 2)');
  expect((await refusalOf(leakyFile({ text }))).message).toMatch(
    /^leaky\.grim: section code: cannot be instantiated: /,
  );
});

test('code that traps when it starts is refused', async () => {
  const text = leakyText.replace(/\)$/, '(func $bad (unreachable)) (start $bad))');
  expect((await refusalOf(leakyFile({ text }))).message).toMatch(
    /^leaky\.grim: section code: cannot be instantiated: /,
  );
});

test('an engine that is out of memory says how much was asked for', async () => {
  vi.spyOn(WebAssembly, 'Memory').mockImplementation(function () {
    throw new RangeError('could not allocate memory');
  });
  expect((await refusalOf(leakyFile())).message).toBe(
    'leaky.grim: this engine cannot give the 80 bytes of memory that the model needs',
  );
});

test('a file without a compiled model names what is missing', async () => {
  const { message } = await refusalOf(leakyFile({ artefact: { image: undefined } as never }));
  expect(message).toBe('leaky.grim: section image: the file has no image section');
});

test('a damaged file names the section', async () => {
  const file = leakyFile();
  const at = Buffer.from(file).indexOf(Buffer.from('weigh', 'utf8'), 200);
  file[at] = 0x57;
  expect((await refusalOf(file)).message).toMatch(/^leaky\.grim: section (plan|code): checksum mismatch/);
});
