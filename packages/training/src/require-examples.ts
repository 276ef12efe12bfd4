import { elementCount, formatShape, GrimError, sameShape, type GraphInput, type Tensor } from '@grim/ir';
import type { BatchOptions } from './batch/batch-options.ts';

/**
 * Refuses examples that are none of a network.
 *
 * @param given - Values of each input, [count, ...shape of one example].
 * @param inputs - The inputs of the network for a batch.
 * @param axes - Which axis of each input counts examples.
 * @returns How many examples there are.
 * @throws `GrimError` naming an input that is missing, unknown, of another shape or another number of examples.
 */
export function requireExamples(
  given: Readonly<Record<string, Tensor>>,
  inputs: readonly GraphInput[],
  axes: BatchOptions['axes'],
): number {
  const unknown = Object.keys(given).find((name) => inputs.every((input) => input.name !== name));
  if (unknown !== undefined) {
    const known = inputs.map(({ name }) => name).join(', ');
    throw new GrimError(`there is no input ${unknown}, the graph has ${known}`);
  }
  let count: number | undefined;
  for (const { name, shape } of inputs) {
    const tensor = given[name];
    const ofExample = shape.toSpliced(axes[name] ?? 0, 1);
    if (!tensor) throw new GrimError(`input ${name} is missing, examples of shape ${formatShape(ofExample)}`);
    if (!sameShape(tensor.shape.slice(1), ofExample) || elementCount(tensor.shape) !== tensor.data.length) {
      throw new GrimError(
        `input ${name} ${formatShape(tensor.shape)} with ${tensor.data.length} value(s) does not hold examples of shape ${formatShape(ofExample)}`,
      );
    }
    count ??= tensor.shape[0] ?? 0;
    if (tensor.shape[0] !== count) {
      throw new GrimError(`input ${name} ${formatShape(tensor.shape)} does not hold ${count} example(s)`);
    }
  }
  return count ?? 0;
}
