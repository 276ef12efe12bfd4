import type { Matrix, RowGroups, RowSegment } from '@grim/bcr';

/** The columns that some row of a group uses, in order. */
function usedColumns({ columns, values }: Matrix, rows: readonly number[]): Uint32Array {
  const used: number[] = [];
  for (let column = 0; column < columns; column++) {
    if (rows.some((row) => values[row * columns + column] !== 0)) used.push(column);
  }
  return Uint32Array.from(used);
}

/**
 * Packs a matrix in groups of consecutive rows: every group has all columns that one of its rows uses, and zeros where another
 * does not. More is stored than in groups of rows that agree, but none depends on what another one has added.
 */
export function consecutiveGroups(matrix: Matrix, lanes: number): RowGroups {
  const { rows, columns: width, values } = matrix;
  const segments = Array.from({ length: Math.ceil(rows / lanes) }, (_, group): RowSegment => {
    const count = Math.min(lanes, rows - group * lanes);
    const members = Array.from({ length: count }, (_, lane) => group * lanes + lane);
    const columns = usedColumns(matrix, members);
    const packed = new Float32Array(columns.length * lanes);
    columns.forEach((column, position) => {
      members.forEach((row, lane) => {
        packed[position * lanes + lane] = values[row * width + column] ?? 0;
      });
    });
    return { rows: members, contiguous: true, columns, values: packed };
  });
  return {
    segments,
    stored: segments.reduce((sum, segment) => sum + segment.values.length, 0),
    nonZeros: values.reduce((count, value) => count + (value === 0 ? 0 : 1), 0),
    exclusive: true,
  };
}
