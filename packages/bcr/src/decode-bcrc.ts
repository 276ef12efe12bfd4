import type { Bcrc } from './bcrc.ts';
import { checkExtents, type Matrix } from './matrix.ts';
import { rectanglesOf } from './rectangles-of.ts';

/**
 * The dense matrix that a BCRC one stands for; cells that are not stored are +0.
 *
 * @param bcrc - From {@link encodeBcrc} or {@link decodeBcrcBytes}.
 * @throws RangeError when the dense matrix would be beyond what this package handles.
 */
export function decodeBcrc(bcrc: Bcrc): Matrix {
  const { rows, columns, weights } = bcrc;
  checkExtents(rows, columns);
  const values = new Float32Array(rows * columns);
  for (const rectangle of rectanglesOf(bcrc)) {
    let next = rectangle.firstWeight;
    for (const row of rectangle.rows) {
      for (const column of rectangle.columns) values[row * columns + column] = weights[next++] ?? 0;
    }
  }
  return { rows, columns, values };
}
