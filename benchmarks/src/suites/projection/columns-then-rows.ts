import type { BlockGrid, Matrix } from '@grim/bcr';

/**
 * Share of the energy that the published projection keeps: in each block the strongest columns over all rows, then the
 * strongest rows over these columns. Extents of the matrix are multiples of the blocks'.
 */
export function columnsThenRows(
  { rows, columns, values }: Matrix,
  { blockRows, blockColumns }: BlockGrid,
  { rowRate, columnRate }: { readonly rowRate: number; readonly columnRate: number },
): number {
  let [kept, total] = [0, 0];
  for (let top = 0; top < rows; top += blockRows) {
    for (let left = 0; left < columns; left += blockColumns) {
      const square = (row: number, column: number): number =>
        (values[(top + row) * columns + left + column] ?? 0) ** 2;
      const allRows = range(blockRows);
      const allColumns = range(blockColumns);
      const keptColumns = strongest(allColumns, blockColumns / columnRate, (column) =>
        sum(allRows, (row) => square(row, column)),
      );
      const rowEnergy = (row: number): number => sum(keptColumns, (column) => square(row, column));
      kept += sum(strongest(allRows, blockRows / rowRate, rowEnergy), rowEnergy);
      total += sum(allRows, (row) => sum(allColumns, (column) => square(row, column)));
    }
  }
  return kept / total;
}

function range(length: number): number[] {
  return Array.from({ length }, (_, index) => index);
}

function sum(items: readonly number[], value: (item: number) => number): number {
  return items.reduce((total, item) => total + value(item), 0);
}

function strongest(items: readonly number[], count: number, energy: (item: number) => number): number[] {
  return [...items].sort((a, b) => energy(b) - energy(a)).slice(0, count);
}
