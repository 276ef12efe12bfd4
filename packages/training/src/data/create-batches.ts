import { elementCount, formatShape, GrimError, type Tensor } from '@grim/ir';
import { missingBatchAxis, requireBatchAxis, requireBatchSize } from '../batch/batch-checks.ts';
import type { BatchOptions } from '../batch/batch-options.ts';
import type { TrainingBatches } from '@grim/prune';
import { gatherExamples } from './gather-examples.ts';
import { mixSeed, seededRandom } from './random.ts';

/** Inputs of a batch by name, in the shapes of the graph, and what its outputs should be. */
export interface Batch<Target> {
  readonly inputs: Readonly<Record<string, Float32Array>>;
  readonly target: Target;
}

/** Examples in memory. */
export interface Examples<Target> {
  /** Values of each input, [count, ...shape of one example]: the shape of the graph's input without its batch axis. */
  readonly inputs: Readonly<Record<string, Tensor>>;
  /** What the loss wants for these examples, by their numbers. */
  readonly target: (examples: readonly number[]) => Target;
}

/** Options of {@link createBatches}. */
export interface BatchesOptions {
  /** As given to the trainer. */
  readonly batch: BatchOptions;
  /** Any integer; equal seeds give equal orders. */
  readonly seed: number;
  /** What becomes of examples that do not fill a batch: left out of the epoch (default), or filled up from its start. */
  readonly remainder?: 'drop' | 'wrap';
}

/** Batches without end, each epoch in an order of its own that its number gives. */
export interface Batches<Target> extends TrainingBatches<Batch<Target>> {
  /** The batches of an epoch, from 0. */
  readonly epoch: (index: number) => Iterable<Batch<Target>>;
  /** How many batches have been taken; this is all that a checkpoint has to keep. */
  readonly position: () => number;
  /** Goes on behind that many batches. */
  readonly seek: (position: number) => void;
  readonly next: () => Batch<Target>;
}

/** Numbers 0 to count − 1 in a random order (Fisher and Yates). */
function shuffled(count: number, seed: number): number[] {
  const random = seededRandom(seed);
  const order = Array.from({ length: count }, (_, index) => index);
  for (let last = count - 1; last > 0; last--) {
    const other = random.below(last + 1);
    const moved = order[last] ?? 0;
    order[last] = order[other] ?? 0;
    order[other] = moved;
  }
  return order;
}

/**
 * Batches of examples in a seeded random order.
 *
 * @param examples - The examples.
 * @param options - Size of a batch and seed.
 * @throws `GrimError` when the size of a batch is none, inputs differ in how many examples they have, are of the wrong length, have no
 * axis of examples or do not fill one batch.
 */
export function createBatches<Target>(examples: Examples<Target>, options: BatchesOptions): Batches<Target> {
  const { batch, seed, remainder = 'drop' } = options;
  requireBatchSize(batch.size);
  const inputs = Object.entries(examples.inputs);
  const count = inputs[0]?.[1].shape[0] ?? 0;
  for (const [name, { shape, data }] of inputs) {
    if (shape[0] !== count || elementCount(shape) !== data.length) {
      throw new GrimError(
        `input ${name} ${formatShape(shape)} with ${data.length} value(s) does not hold ${count} example(s)`,
      );
    }
    const axis = batch.axes[name];
    if (axis === undefined) throw missingBatchAxis(name);
    requireBatchAxis(name, shape, axis);
  }
  const batchesPerEpoch =
    remainder === 'drop' ? Math.floor(count / batch.size) : Math.ceil(count / batch.size);
  if (batchesPerEpoch === 0) {
    throw new GrimError(`${count} example(s) do not fill a batch of ${batch.size}`);
  }
  const batchOf = (order: readonly number[], index: number): Batch<Target> => {
    const chosen = Array.from(
      { length: batch.size },
      (_, place) => order[(index * batch.size + place) % count] ?? 0,
    );
    return {
      inputs: Object.fromEntries(
        inputs.map(([name, tensor]) => [name, gatherExamples(tensor, chosen, batch.axes[name] ?? 0)]),
      ),
      target: examples.target(chosen),
    };
  };
  const orderOf = (epoch: number): readonly number[] => shuffled(count, mixSeed(seed, epoch));
  let position = 0;
  let current: { readonly epoch: number; readonly order: readonly number[] } | undefined;
  return {
    batchesPerEpoch,
    epoch: function* (index) {
      const order = orderOf(index);
      for (let at = 0; at < batchesPerEpoch; at++) yield batchOf(order, at);
    },
    position: () => position,
    seek: (to) => {
      if (!Number.isSafeInteger(to) || to < 0) {
        throw new GrimError(`position must be a number of batches, got ${to}`);
      }
      position = to;
    },
    next: () => {
      const epoch = Math.floor(position / batchesPerEpoch);
      if (current?.epoch !== epoch) current = { epoch, order: orderOf(epoch) };
      return batchOf(current.order, position++ % batchesPerEpoch);
    },
  };
}
