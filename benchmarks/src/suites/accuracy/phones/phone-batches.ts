import type { TrainingBatches } from '@grim/prune';
import type { Batch, CtcTarget } from '@grim/training';
import { maskSpectrum } from '../datasets/mask-spectrum.ts';
import { seededRandom } from '../cells/seeded-random.ts';
import { features } from './phone-graph.ts';
import type { PhoneSequence } from './phone-sequences.ts';

/** Extents of a batch. */
export interface PhoneBatchOptions {
  /** Sentences of a batch. */
  readonly size: number;
  /** Time steps of a batch: longer sentences are left out, shorter ones filled up with zeros. */
  readonly steps: number;
  readonly seed: number;
}

/** Batches of sentences with parts masked; the epochs' orders come from the seed. */
export function phoneBatches(
  all: readonly PhoneSequence[],
  { size, steps, seed }: PhoneBatchOptions,
): TrainingBatches<Batch<CtcTarget>> {
  const sequences = all.filter(
    (sequence) => stepsOf(sequence) <= steps && leastSteps(sequence.phones) <= stepsOf(sequence),
  );
  const batchesPerEpoch = Math.floor(sequences.length / size);
  const makeBatch = (chosen: readonly PhoneSequence[], random: () => number): Batch<CtcTarget> => {
    const frames = new Float32Array(steps * chosen.length * features);
    for (const [place, sequence] of chosen.entries()) {
      const masked = sequence.steps.slice();
      for (let count = 0; count < 2; count++) maskSpectrum(masked, { frames: 15, bands: 8 }, random);
      for (let step = 0; step < stepsOf(sequence); step++) {
        const values = masked.subarray(step * features, (step + 1) * features);
        frames.set(values, (step * chosen.length + place) * features);
      }
    }
    return {
      inputs: { frames },
      target: { labels: chosen.map(({ phones }) => phones), steps: chosen.map(stepsOf) },
    };
  };
  return {
    batchesPerEpoch,
    epoch: function* (epoch) {
      const random = seededRandom(seed, epoch);
      const keys = new Map(sequences.map((sequence) => [sequence, random()]));
      const order = sequences.toSorted((a, b) => (keys.get(a) ?? 0) - (keys.get(b) ?? 0));
      for (let index = 0; index < batchesPerEpoch; index++) {
        const chosen = order.slice(index * size, (index + 1) * size);
        yield makeBatch(chosen, seededRandom(seed, epoch, index + 1));
      }
    },
  };
}

function stepsOf({ steps }: PhoneSequence): number {
  return steps.length / features;
}

/** Steps that CTC needs: one for each phone, and a blank between equal ones. */
function leastSteps(phones: readonly number[]): number {
  return phones.length + phones.filter((phone, index) => phone === phones[index - 1]).length;
}
