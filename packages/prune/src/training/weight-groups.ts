import type { Pattern } from './projection.ts';
import type { TrainedWeight } from './trained-weights.ts';

/** Elements of a matrix in groups that stay or leave together. */
export interface WeightGroups {
  /** Short name of what they are. */
  readonly kind: 'columns' | 'rows' | 'elements';
  /** Group of each element, in row-major order. */
  readonly of: Uint32Array;
  /** Groups there are. */
  readonly count: number;
}

/** The groups that the pattern of a weight is made of: columns, rows, or both of each block; or single elements. */
export function weightGroups({ matrix, assigned }: TrainedWeight, pattern: Pattern): WeightGroups[] {
  const { rows, columns, values } = matrix;
  if (pattern === 'unstructured') {
    return [{ kind: 'elements', of: Uint32Array.from(values.keys()), count: values.length }];
  }
  const { blockRows, blockColumns } = assigned.assignment.grid;
  const { split = 'columns' } = assigned.assignment.projection;
  const grouped = (
    kind: 'columns' | 'rows',
    groupOf: (row: number, column: number) => number,
  ): WeightGroups => {
    const of = Uint32Array.from(values, (_, index) => groupOf(Math.floor(index / columns), index % columns));
    const lines =
      kind === 'columns' ? columns * Math.ceil(rows / blockRows) : rows * Math.ceil(columns / blockColumns);
    return { kind, of, count: lines };
  };
  return [
    ...(split === 'rows'
      ? []
      : [grouped('columns', (row, column) => Math.floor(row / blockRows) * columns + column)]),
    ...(split === 'columns'
      ? []
      : [grouped('rows', (row, column) => Math.floor(column / blockColumns) * rows + row)]),
  ];
}

/** Euclidean norm of each group of `values`, row-major as the groups. */
export function groupNorms(values: Float32Array, { of, count }: WeightGroups): Float64Array {
  const norms = new Float64Array(count);
  for (const [index, group] of of.entries()) norms[group] = (norms[group] ?? 0) + (values[index] ?? 0) ** 2;
  return norms.map(Math.sqrt);
}
