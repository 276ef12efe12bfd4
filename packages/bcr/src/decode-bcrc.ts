import { columnsOfRun, type Bcrc } from './bcrc.ts';
import { checkExtents, type Matrix } from './matrix.ts';

/**
 * The dense matrix that a BCRC one stands for; cells that are not stored are +0.
 *
 * @param bcrc - From {@link encodeBcrc} or {@link decodeBcrcBytes}.
 * @throws RangeError when the dense matrix would be beyond what this package handles.
 */
export function decodeBcrc(bcrc: Bcrc): Matrix {
  const { rows, columns, reorder, rowOffset, occurrence, weights } = bcrc;
  checkExtents(rows, columns);
  const values = new Float32Array(rows * columns);
  for (let run = 0; run + 1 < occurrence.length; run++) {
    const list = columnsOfRun(bcrc, run);
    for (let stored = occurrence[run] ?? 0; stored < (occurrence[run + 1] ?? 0); stored++) {
      const row = reorder[stored] ?? 0;
      const firstWeight = rowOffset[stored] ?? 0;
      for (const [position, column] of list.entries()) {
        values[row * columns + column] = weights[firstWeight + position] ?? 0;
      }
    }
  }
  return { rows, columns, values };
}
