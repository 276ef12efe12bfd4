import { formatShape, GrimError, type Shape } from '@grim/ir';

/** Refuses a number of examples that is none. */
export function requireBatchSize(size: number): void {
  if (!Number.isSafeInteger(size) || size < 1) {
    throw new GrimError(`batch size must be a positive integer, got ${size}`);
  }
}

/**
 * The extent of the axis of a value that counts examples.
 *
 * @param name - Name of the input or state.
 * @param shape - Its shape with examples.
 * @param axis - The axis.
 * @throws `GrimError` naming both when the shape has no such axis.
 */
export function requireBatchAxis(name: string, shape: Shape, axis: number): number {
  const extent = Number.isInteger(axis) ? shape[axis] : undefined;
  if (extent === undefined) {
    throw new GrimError(`batch axis ${axis} of ${name} is outside its shape ${formatShape(shape)}`);
  }
  return extent;
}

/** The error of an input whose axis of examples is not said. */
export function missingBatchAxis(name: string): GrimError {
  return new GrimError(`batch axes do not say which axis of input ${name} counts examples`);
}
