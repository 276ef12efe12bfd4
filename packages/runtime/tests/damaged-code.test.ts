import fc from 'fast-check';
import { expect, test } from 'vitest';
import { GrimError, loadModel } from '../src/index.ts';
import { assemble } from './support/assemble.ts';
import { leakyFile, leakyText } from './support/leaky-model.ts';

const code = assemble(leakyText);

const change = fc.record({ at: fc.nat({ max: code.length - 1 }), value: fc.nat({ max: 255 }) });

test('code with damaged bytes loads or is refused, nothing else', async () => {
  let refused = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(change, { minLength: 1, maxLength: 3 }),
      fc.nat({ max: code.length }),
      async (changes, end) => {
        const damaged = code.slice();
        for (const { at, value } of changes) damaged[at] = value;
        const file = leakyFile({ artefact: { code: end % 4 === 0 ? damaged.subarray(0, end) : damaged } });
        try {
          await loadModel(file, { file: 'f.grim' });
        } catch (error) {
          expect(error).toBeInstanceOf(GrimError);
          expect((error as GrimError).message).toMatch(/^f\.grim: section code: [^\n]+$/);
          refused++;
        }
      },
    ),
    { numRuns: 1_000 },
  );
  expect(refused).toBeGreaterThan(500);
});

test('code that brings a memory of its own that does not fit is refused', async () => {
  const text = leakyText.replace('(func $update', '(table 10000001 funcref) (func $update');
  await expect(loadModel(leakyFile({ text }))).rejects.toThrow(GrimError);
});
