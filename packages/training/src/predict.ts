import { formatShape, GrimError, zeros, type GraphInput, type Shape, type Tensor } from '@grim/ir';
import type { BatchOptions } from './batch/batch-options.ts';
import { isWhole, type BatchPosition } from './batch/batch-position.ts';
import { gatherExamples } from './data/gather-examples.ts';
import { scatterExamples } from './data/scatter-examples.ts';
import { present } from './layers/present.ts';
import { requireExamples } from './require-examples.ts';

/** The axis of an output that counts examples. */
function exampleAxis(name: string, shape: Shape, position: BatchPosition | undefined): number {
  if (!position || !isWhole(position)) {
    throw new GrimError(
      `output ${name} ${formatShape(shape)} has no axis that counts the examples of a batch`,
    );
  }
  return position.axis;
}

/** An output of a network that runs on batches. */
export interface BatchedOutput {
  /** Its shape for a batch. */
  readonly shape: Shape;
  /** Where the examples are. */
  readonly position: BatchPosition | undefined;
}

/** A network that runs on batches. */
export interface BatchedNetwork {
  /** Size of a batch and axes of its examples. */
  readonly batch: BatchOptions;
  /** Its inputs for a batch. */
  readonly inputs: readonly GraphInput[];
  readonly outputs: ReadonlyMap<string, BatchedOutput>;
  /** Outputs of one batch. */
  readonly run: (inputs: Readonly<Record<string, Float32Array>>) => Promise<ReadonlyMap<string, Tensor>>;
}

/**
 * Runs a network on any number of examples, in batches.
 *
 * @param network - The network.
 * @param inputs - Values of each input, [count, ...shape of one example].
 * @returns Values of each output, [count, ...shape for one example].
 * @throws `GrimError` when inputs are not those of the network or differ in how many examples they have, or an output has no axis of
 * them.
 */
export async function predictInBatches(
  { batch, inputs: ports, outputs, run }: BatchedNetwork,
  inputs: Readonly<Record<string, Tensor>>,
): Promise<Map<string, Tensor>> {
  const count = requireExamples(inputs, ports, batch.axes);
  const results = [...outputs].map(([name, { shape, position }]) => {
    const axis = exampleAxis(name, shape, position);
    return { name, axis, all: zeros([count, ...shape.toSpliced(axis, 1)]) };
  });
  for (let start = 0; start < count; start += batch.size) {
    // Shapes are static: the last batch is filled up with its last example.
    const chosen = Array.from({ length: batch.size }, (_, index) => Math.min(start + index, count - 1));
    const found = await run(
      Object.fromEntries(
        Object.entries(inputs).map(([name, tensor]) => [
          name,
          gatherExamples(tensor, chosen, batch.axes[name] ?? 0),
        ]),
      ),
    );
    for (const { name, axis, all } of results) scatterExamples(present(found.get(name)), axis, all, start);
  }
  return new Map(results.map(({ name, all }) => [name, all]));
}
