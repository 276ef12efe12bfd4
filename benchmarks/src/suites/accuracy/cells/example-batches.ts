import { elementCount, type GraphInput, type Tensor } from '@grim/ir';
import type { TrainingBatches } from '@grim/prune';
import type { Batch, BatchOptions } from '@grim/training';
import type { Examples } from '../datasets/examples.ts';
import { seededRandom } from './seeded-random.ts';
import type { ClassTarget } from './taught-cross-entropy.ts';

/** How batches are drawn. */
export interface ExampleBatchOptions {
  /** The input of the network, as for one example. */
  readonly input: GraphInput;
  /** As given to the trainer. */
  readonly batch: BatchOptions;
  readonly seed: number;
  /** Gives the logits of examples `[count, ...shape of one]`. */
  readonly teacher?: (examples: Tensor) => Promise<Float32Array>;
}

/** Batches of varied examples, each epoch in an order of its own; examples that do not fill the last batch are left out of the epoch. */
export function exampleBatches(
  examples: Examples,
  { input, batch, seed, teacher }: ExampleBatchOptions,
): TrainingBatches<Batch<ClassTarget>> {
  const batchesPerEpoch = Math.floor(examples.count / batch.size);
  const axis = batch.axes[input.name] ?? 0;
  const extent = elementCount(input.shape);
  const shape = input.shape.filter((_, dimension) => dimension !== axis);
  const makeBatch = async (chosen: readonly number[], random: () => number): Promise<Batch<ClassTarget>> => {
    const rows = new Float32Array(extent * chosen.length);
    for (const [place, index] of chosen.entries()) {
      examples.write(index, rows.subarray(place * extent, (place + 1) * extent), random);
    }
    const labels = Uint8Array.from(chosen, (index) => examples.labels[index] ?? 0);
    const taught = await teacher?.({ shape: [chosen.length, ...shape], data: rows });
    const inner = elementCount(input.shape.slice(axis + 1));
    return {
      inputs: { [input.name]: axis === 0 ? rows : interleaved(rows, chosen.length, inner) },
      target: { labels, ...(taught && { teacher: taught }) },
    };
  };
  return {
    batchesPerEpoch,
    epoch: async function* (epoch) {
      const order = shuffled(examples.count, seededRandom(seed, epoch));
      for (let index = 0; index < batchesPerEpoch; index++) {
        const chosen = order.slice(index * batch.size, (index + 1) * batch.size);
        // Numbers of its own, so that skipped batches do not have to be made for the next ones to be the same.
        yield await makeBatch(chosen, seededRandom(seed, epoch, index + 1));
      }
    },
  };
}

/** Examples `[count, outer, inner]` as `[outer, count, inner]`. */
function interleaved(rows: Float32Array, count: number, inner: number): Float32Array {
  const result = new Float32Array(rows.length);
  const outer = rows.length / count / inner;
  for (let example = 0; example < count; example++) {
    for (let block = 0; block < outer; block++) {
      const from = (example * outer + block) * inner;
      result.set(rows.subarray(from, from + inner), (block * count + example) * inner);
    }
  }
  return result;
}

/** Fisher and Yates. */
function shuffled(count: number, random: () => number): number[] {
  const order = Array.from({ length: count }, (_, index) => index);
  for (let last = count - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [order[last], order[other]] = [order[other] ?? 0, order[last] ?? 0];
  }
  return order;
}
