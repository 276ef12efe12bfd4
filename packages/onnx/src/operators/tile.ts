import { GrimError, rowMajorStrides } from '@grim/ir';
import { reshapeValue, concatValues } from '../evaluation/movement.ts';
import { stridedCopy } from '../folding/strided-copy.ts';
import type { Value } from '../value.ts';
import type { OperatorImporter } from './operator-importer.ts';

/** Repetitions of a value that depends on inputs are written out, so there must not be many. */
const maximumCopies = 64;

/** `Tile`: repeats a tensor along each dimension. */
export const tile: OperatorImporter = (node) => {
  const x = node.operand(0, 'input');
  const repeats = node.optionalIntegers(1, 'repeats');
  if (repeats?.length !== x.shape.length || repeats.some((count) => count < 0)) {
    throw new GrimError(
      `operand repeats must hold ${x.shape.length} counts, got [${repeats?.join(',') ?? ''}]`,
    );
  }
  if (x.kind === 'constant') {
    // Every dimension becomes two: which copy, and where in it.
    const strides = rowMajorStrides(x.shape);
    const shape = x.shape.flatMap((extent, axis) => [repeats[axis] ?? 1, extent]);
    const target = x.shape.map((extent, axis) => extent * (repeats[axis] ?? 1));
    node.budget.checkShape(target);
    const copies = stridedCopy(
      x,
      { shape, offset: 0, strides: strides.flatMap((stride) => [0, stride]) },
      node.budget,
    );
    return [reshapeValue(node, copies, target)];
  }
  let result: Value = x;
  const moved = repeats.flatMap((count, axis) => (count === 1 ? [] : [{ count, axis }]));
  moved.forEach(({ count, axis }, position) => {
    if (count > maximumCopies)
      throw new GrimError(`${count} repetitions are over the limit of ${maximumCopies}`);
    const last = position === moved.length - 1;
    result = concatValues(
      node,
      Array.from({ length: count }, () => result),
      axis,
      last ? {} : { part: String(axis) },
    );
  });
  return [result];
};
