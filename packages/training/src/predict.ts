import { formatShape, GrimError, zeros, type Shape, type Tensor } from '@grim/ir';
import type { BatchOptions } from './batch/batch-options.ts';
import { isWhole, type BatchPosition } from './batch/batch-position.ts';
import { gatherExamples } from './data/gather-examples.ts';
import { scatterExamples } from './data/scatter-examples.ts';

/** The axis of an output that counts examples. */
function exampleAxis(name: string, shape: Shape, position: BatchPosition | undefined): number {
  if (!position || !isWhole(position)) {
    throw new GrimError(
      `output ${name} ${formatShape(shape)} has no axis that counts the examples of a batch`,
    );
  }
  return position.axis;
}

/**
 * Runs a network on any number of examples, in batches.
 *
 * @param inputs - Values of each input, [count, ...shape of one example].
 * @param batch - Size of a batch and axes of its examples.
 * @param positions - Where the examples are in each output, by its name.
 * @param run - Outputs of one batch.
 * @returns Values of each output, [count, ...shape for one example].
 * @throws `GrimError` when inputs differ in how many examples they have, or an output has no axis of them.
 */
export async function predictInBatches(
  inputs: Readonly<Record<string, Tensor>>,
  batch: BatchOptions,
  positions: ReadonlyMap<string, BatchPosition | undefined>,
  run: (inputs: Readonly<Record<string, Float32Array>>) => Promise<ReadonlyMap<string, Tensor>>,
): Promise<Map<string, Tensor>> {
  const given = Object.entries(inputs);
  const count = given[0]?.[1].shape[0] ?? 0;
  for (const [name, { shape }] of given) {
    if (shape[0] !== count) {
      throw new GrimError(`input ${name} ${formatShape(shape)} does not hold ${count} example(s)`);
    }
  }
  const results = new Map<string, Tensor>();
  for (let start = 0; start < count; start += batch.size) {
    // Shapes are static: the last batch is filled up with its last example.
    const chosen = Array.from({ length: batch.size }, (_, index) => Math.min(start + index, count - 1));
    const outputs = await run(
      Object.fromEntries(
        given.map(([name, tensor]) => [name, gatherExamples(tensor, chosen, batch.axes[name] ?? 0)]),
      ),
    );
    for (const [name, tensor] of outputs) {
      const axis = exampleAxis(name, tensor.shape, positions.get(name));
      const all = results.get(name) ?? zeros([count, ...tensor.shape.toSpliced(axis, 1)]);
      scatterExamples(tensor, axis, all, start);
      results.set(name, all);
    }
  }
  return results;
}
