import { elementCount, type Shape } from '../tensor.ts';
import type { WeightMatrix } from './operator.ts';

/** Fewer rows than this cannot fill one strip of a sparse kernel. */
const minimumRows = 4;

/**
 * A weight of shape `[rows, ...columns]` as the matrix that is pruned.
 *
 * @param input - Position of the weight among the node's inputs.
 * @param shape - Shape of the weight; the first dimension is the rows.
 * @param reason - Why the operator itself rules pruning out; absent when it does not.
 */
export function weightMatrix(input: number, shape: Shape, reason?: string): WeightMatrix {
  const [rows = 0, ...columns] = shape;
  const matrix = { input, rows, columns: elementCount(columns) };
  const unprunable = reason ?? (rows < minimumRows ? `only ${rows} row${rows === 1 ? '' : 's'}` : undefined);
  return unprunable === undefined ? matrix : { ...matrix, unprunable };
}
