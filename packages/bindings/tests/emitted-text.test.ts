import { format } from 'prettier';
import { describe, expect, test } from 'vitest';
import { bindingForms, bindingsMark, renderBindings, type BindingForm } from '../src/index.ts';
import { describeSample } from './support/describe-sample.ts';
import { sampleModels, type SampleName } from './support/sample-models.ts';

const samples = Object.keys(sampleModels) as SampleName[];
const forms = Object.keys(bindingForms) as BindingForm[];

describe.each(samples)('the module of %s', (name) => {
  const model = describeSample(name);

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
