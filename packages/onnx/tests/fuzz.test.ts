import { GrimError } from '@grim/ir';
import { describe, expect, test } from 'vitest';
import { importOnnx, type ImportOptions } from '../src/index.ts';
import { mutateBytes, mutateModel, structureOf } from './support/mutate.ts';
import { randomFrom, type Random } from './support/random.ts';
import { realModels } from './support/real-models.ts';
import { smallModels } from './support/small-models.ts';

/** What came of a number of imports. */
interface Outcome {
  imported: number;
  refused: number;
}

/** Imports mutated models; anything but a graph or a `GrimError` of one line fails, naming the mutation. */
function importMutated(
  mutate: (random: Random) => Uint8Array,
  seed: number,
  count: number,
  options: ImportOptions,
): Outcome {
  const outcome: Outcome = { imported: 0, refused: 0 };
  for (let index = 0; index < count; index++) {
    // One seed per mutation, so that each can be repeated alone.
    const bytes = mutate(randomFrom(seed + index));
    try {
      importOnnx(bytes, options);
      outcome.imported++;
    } catch (error) {
      if (!(error instanceof GrimError)) {
        throw new Error(`mutation with seed ${seed + index} left GRIM's own errors`, { cause: error });
      }
      expect(error.message).not.toMatch(/[\n\r]/);
      outcome.refused++;
    }
  }
  return outcome;
}

describe.each(Object.entries(smallModels))('a small model: %s', (_, { bytes, options }) => {
  test('imports as it is', () => {
    expect(importOnnx(bytes, options).outputs.length).toBeGreaterThan(0);
  });

  test('with bytes changed, removed, repeated and cut off (1,000 times)', () => {
    const structure = structureOf(bytes);
    const outcome = importMutated((random) => mutateBytes(bytes, structure, random), 1, 1000, options);
    expect(outcome.refused).toBeGreaterThan(100);
  });

  test('with other operators, operands, attributes, shapes and sizes (1,500 times)', () => {
    const outcome = importMutated((random) => mutateModel(bytes, random), 100_000, 1500, options);
    expect(outcome.imported).toBeGreaterThan(50);
    expect(outcome.refused).toBeGreaterThan(100);
  });
});

describe('Silero VAD v5', () => {
  const options: ImportOptions = { inputs: { sr: 16000 }, shapes: { input: [1, 576] } };

  test('with bytes of its structure changed, removed, repeated and cut off (400 times)', () => {
    const bytes = realModels.v5();
    const structure = structureOf(bytes);
    const outcome = importMutated((random) => mutateBytes(bytes, structure, random), 200_000, 400, options);
    expect(outcome.refused).toBeGreaterThan(100);
  });

  test('with other operators, operands, attributes, shapes and sizes (100 times)', () => {
    const bytes = realModels.v5();
    const outcome = importMutated((random) => mutateModel(bytes, random), 300_000, 100, options);
    expect(outcome.refused).toBeGreaterThan(10);
  });
});
