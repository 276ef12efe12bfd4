import { format } from 'prettier';
import { describe, expect, test } from 'vitest';
import { bindingForms, bindingsMark, renderBindings, type BindingForm } from '../src/index.ts';
import { describeSample, describeSampleInC } from './support/describe-sample.ts';
import { sampleModels, type SampleName } from './support/sample-models.ts';

const size = { contextBytes: 1024, weightBytes: 4096 };
const inC = { weights: 'c', ...size } as const;
const models = new Map([
  ...(Object.keys(sampleModels) as SampleName[]).map((name) => [name, describeSample(name)] as const),
  ['recurrent-in-c', describeSampleInC('recurrent', inC)] as const,
  ['network-in-c', describeSampleInC('network', { ...size, weights: 'binary' })] as const,
  ['recurrent-on-device', describeSampleInC('recurrent', { ...inC, onDevice: true })] as const,
  [
    'network-on-device',
    describeSampleInC('network', { ...size, weights: 'binary', onDevice: true }),
  ] as const,
  ['odd-in-c', describeSampleInC('odd', inC)] as const,
]);
const forms = Object.keys(bindingForms) as BindingForm[];

describe.each([...models])('the module of %s', (name, model) => {
  test('is the one that was reviewed', async () => {
    for (const form of ['mjs', 'ts'] as const) {
      for (const { extension, text } of renderBindings(model, form)) {
        await expect(text).toMatchFileSnapshot(`snapshots/${name}${extension}`);
      }
    }
  });

  test.each(forms)('as %s is the same every time, and marked', (form) => {
    const files = renderBindings(model, form);
    expect(renderBindings(model, form)).toEqual(files);
    for (const { text } of files) expect(text.startsWith(`${bindingsMark}\n`)).toBe(true);
  });

  test.each(forms)('as %s is formatted as Prettier does, but for the length of lines', async (form) => {
    for (const { text } of renderBindings(model, form)) {
      expect(await format(text, { parser: 'typescript', singleQuote: true, printWidth: 1000 })).toBe(text);
    }
  });
});

test('js and mjs differ in the names of files only', () => {
  const model = describeSample('recurrent');
  const [mjs, js] = [renderBindings(model, 'mjs'), renderBindings(model, 'js')];
  expect(js.map(({ extension }) => extension)).toEqual(['.js', '.d.ts']);
  expect(mjs.map(({ extension }) => extension)).toEqual(['.mjs', '.d.mts']);
  expect(js.map(({ text }) => text)).toEqual(mjs.map(({ text }) => text));
});
