import { BYTES } from './tiles.ts';
import type { Region } from './workspace.ts';

/** Fills a table of slices with the rows of a matrix, `rowStep` elements apart. */
export function setRowStarts({ integers }: Region, rows: number, rowStep: number): void {
  for (let row = 0; row < rows; row++) integers[row] = row * rowStep * BYTES;
}
