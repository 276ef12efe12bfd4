import { GrimError } from '../errors.ts';
import { formatShape, type Shape } from '../tensor.ts';
import { maximumRank } from './limits.ts';

/** Throws a {@link GrimError} unless `shape` has at most {@link maximumRank} extents, each a 32-bit count. */
export function checkShape(what: string, shape: Shape): void {
  if (shape.length > maximumRank) {
    throw new GrimError(`${what} has ${shape.length} dimensions, the limit is ${maximumRank}`);
  }
  if (shape.some((extent) => !Number.isInteger(extent) || extent < 0 || extent >= 2 ** 32)) {
    throw new GrimError(`${what} has shape ${formatShape(shape)}, which is not made of 32-bit counts`);
  }
}
