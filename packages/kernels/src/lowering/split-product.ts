import { rowGroups } from '@grim/bcr';

import { matrixRows, type MatrixOperand } from './matrix-operand.ts';
import { packSpmv, type PackedSpmv } from './pack-spmv.ts';
import { productShape, type Product } from './product.ts';
import { splitRange } from './split-range.ts';

/** A product that computes some of the results of another one. */
export interface ProductPart {
  readonly product: Product;
  readonly packed: PackedSpmv;
}

function leastCommonMultiple(a: number, b: number): number {
  let [larger, smaller] = [a, b];
  while (smaller > 0) [larger, smaller] = [smaller, larger % smaller];
  return (a / larger) * b;
}

/** The lists of columns that every row is summed along, in order. */
function columnLists({ matrix, bcr }: MatrixOperand, lanes: number): Uint32Array[][] {
  const { segments } = rowGroups(matrix, { lanes, ...(bcr ? { grid: bcr } : {}) });
  const lists = Array.from({ length: matrix.rows }, (): Uint32Array[] => []);
  for (const { rows, columns } of segments) for (const row of rows) lists[row]?.push(columns);
  return lists;
}

const sameList = (a: Uint32Array, b: Uint32Array | undefined): boolean =>
  a.length === b?.length && a.every((column, position) => column === b[position]);

/**
 * Whether every row is added up in the same order when its part is packed alone: then its sum has the same bits. How
 * rows are grouped depends on all of them, so that a part can come out otherwise.
 */
function sumsAlike(parts: readonly ProductPart[], operand: MatrixOperand, whole: PackedSpmv): boolean {
  const { columns } = whole.problem;
  if (columns.kind === 'runs') return parts.every(({ packed }) => packed.problem.columns.kind === 'runs');
  const lanes = whole.schedule.groupRows;
  const partLists = parts.flatMap(({ product }) => columnLists(product.operand, lanes));
  const isSameOrder = columnLists(operand, lanes).every(
    (lists, row) =>
      lists.length === partLists[row]?.length &&
      lists.every((list, position) => sameList(list, partLists[row]?.[position])),
  );
  return (
    isSameOrder &&
    parts.every(({ packed: { problem } }) => {
      const other = problem.columns;
      return other.kind === 'lists' && other.rowOrder === columns.rowOrder;
    })
  );
}

/** Blocks of rows packed by themselves, or `undefined` when that would change a sum. */
function splitRows(product: Product, packed: PackedSpmv, threads: number): ProductPart[] | undefined {
  const { operand, addend } = product;
  const { rows } = operand.matrix;
  const multiple = leastCommonMultiple(packed.schedule.groupRows, operand.bcr?.blockRows ?? 1);
  const ranges = splitRange(rows, threads, multiple, packed.macs);
  if (ranges.length === 1) return undefined;
  const { bcr, ...dense } = operand;
  const asPacked: MatrixOperand = {
    ...(packed.problem.columns.kind === 'runs' || !bcr ? dense : operand),
    schedule: { ...packed.schedule },
  };
  const parts = ranges.map(({ first, count }): ProductPart => {
    const part: Product = {
      ...product,
      operand: matrixRows(asPacked, first, count),
      output: { ...product.output, offset: product.output.offset + first * 4 },
      // What follows the rows of a part is another part's.
      outputSlack: first + count === rows ? product.outputSlack : 0,
      addend: addend instanceof Float32Array ? addend.subarray(first, first + count) : addend,
    };
    const { path } = packed;
    return { product: part, packed: { ...packSpmv(part.operand, productShape(part), part.columns), path } };
  });
  return sumsAlike(parts, asPacked, packed) ? parts : undefined;
}

/** Right-hand sides split among calls that share the weights. */
function splitPositions(product: Product, packed: PackedSpmv, threads: number): ProductPart[] {
  const { positions } = product;
  const ranges = splitRange(positions, threads, packed.schedule.positionTile, packed.macs);
  return ranges.map(({ first, count }) => {
    const part: Product = {
      ...product,
      positions: count,
      input: { ...product.input, offset: product.input.offset + first * product.inputStep },
      output: { ...product.output, offset: product.output.offset + first * product.outputStep },
    };
    const problem = { ...packed.problem, positions: count };
    return { product: part, packed: { ...packed, problem, macs: (packed.macs / positions) * count } };
  });
}

/**
 * Splits a product for threads, so that every result has the bits it has in one call: by rows, so that every thread reads
 * weights of its own, else by right-hand sides.
 */
export function splitProduct(product: Product, packed: PackedSpmv, threads: number): ProductPart[] {
  return splitRows(product, packed, threads) ?? splitPositions(product, packed, threads);
}
