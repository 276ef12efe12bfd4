import { BeyondReachError } from '../beyond-reach-error.ts';
import type { FittedGrid } from '../block-grid.ts';

/** How {@link projectMagnitude} chooses what to keep. */
export interface MagnitudeOptions {
  /** Elements of the matrix divided by elements kept, 1 or more. */
  readonly rate: number;
  /**
   * What is pruned in a block: whole columns (the default), whole rows, or both.
   *
   * Columns alone are the default because then all rows of a block row share one column list: kernels fill their lanes
   * without padding and write each output once. Rows that are pruned too give the projection more freedom and the
   * kernels more to do.
   */
  readonly split?: 'columns' | 'rows' | 'both';
  /** With `both`: rows of a block divided by rows kept. Without it and `columnRate`, each block takes its best split. */
  readonly rowRate?: number;
  /** With `both`: columns of a block divided by columns kept; `rowRate × columnRate` must be `rate`. */
  readonly columnRate?: number;
  /**
   * Who competes for the columns that may be kept: those of each block for an equal share (`uniform`, the default),
   * those of a block row for an equal share (`blockRow`: rows keep equal work), or those of the whole matrix (`global`).
   * For given rates rows compete inside their block; with `both` and the rate alone they may compete across blocks as well.
   */
  readonly budget?: 'uniform' | 'blockRow' | 'global';
  /** Columns kept in a block are a multiple of this, or all (default 1). */
  readonly columnQuantum?: number;
  /** Rows kept in a block are a multiple of this, or all (default 1). */
  readonly rowQuantum?: number;
  /** Keep at least one column of every row of the matrix, so that no output loses all its weights (default true). */
  readonly keepEveryRow?: boolean;
  /**
   * Keep at least one row of every column of the matrix, so that no input is cut off from all outputs. By default that is done
   * where blocks on top of each other keep enough columns for it; elsewhere columns are kept by their energy alone (with one block row every
   * pruned column is an input cut off). `true` refuses what it cannot be done for, `false` lets energy decide everywhere.
   */
  readonly keepEveryColumn?: boolean;
  /**
   * Keep row `r` and column `r mod columns` where they meet (default false): the diagonal of a recurrent matrix, gate by
   * gate. Where it takes more than the share of a block, the others of its block row (or all, where they compete) get less.
   */
  readonly keepDiagonal?: boolean;
}

/** Options with defaults filled in. Rates are both 1 or more, or both `undefined` when blocks choose their split. */
export interface ResolvedMagnitudeOptions {
  readonly rate: number;
  readonly rowRate: number | undefined;
  readonly columnRate: number | undefined;
  readonly budget: 'uniform' | 'blockRow' | 'global';
  readonly columnQuantum: number;
  readonly rowQuantum: number;
  readonly keepEveryRow: boolean;
  readonly keepDiagonal: boolean;
}

/** Splits between rows and columns that are tried when only the rate is given. */
export const splitsTried = 16;

/** How far `rowRate × columnRate` may be from `rate`, relative to it. */
const rateTolerance = 1e-6;

/**
 * Checks options against a grid and fills in defaults.
 *
 * @throws RangeError when a rate is below 1 or not finite, and BeyondReachError when it is beyond what one block can be pruned to.
 */
export function resolveMagnitudeOptions(
  grid: FittedGrid,
  options: MagnitudeOptions,
): ResolvedMagnitudeOptions {
  const { rate, budget = 'uniform', columnQuantum = 1, rowQuantum = 1 } = options;
  checkRate('rate', rate);
  checkQuantum('columnQuantum', columnQuantum);
  checkQuantum('rowQuantum', rowQuantum);
  const { rowRate, columnRate } = splitRates(options);
  if (budget !== 'uniform' && columnRate === 1 && rate > 1) {
    throw new RangeError(`budget ${budget} is for columns, but only rows are pruned`);
  }
  const competingColumns = budget === 'uniform' ? grid.blockColumns : grid.columns;
  checkReach('columns', columnRate ?? 1, competingColumns, columnQuantum, grid);
  checkReach('rows', rowRate ?? 1, grid.blockRows, rowQuantum, grid);
  const resolved = {
    rate,
    rowRate,
    columnRate,
    budget,
    columnQuantum,
    rowQuantum,
    keepEveryRow: options.keepEveryRow ?? true,
    keepDiagonal: options.keepDiagonal ?? false,
  };
  if (rowRate === undefined) {
    const largest =
      (grid.blockRows / leastRowsKept(grid, resolved)) * largestRate(competingColumns, columnQuantum);
    if (rate > largest) {
      throw new BeyondReachError(
        `blocks of ${grid.blockRows}x${grid.blockColumns} cannot be pruned ${rate}x: what must be kept of them allows ${largest}x`,
      );
    }
  }
  return resolved;
}

/** The greatest rate at which an extent can be pruned without losing all of it. */
export function largestRate(extent: number, quantum: number): number {
  return extent / Math.min(quantum, extent);
}

/** Fewest rows that every block must keep so that each row can be kept in one of the blocks side by side. */
export function leastRowsKept(
  { blockRows, blockColumnCount }: FittedGrid,
  { keepEveryRow, rowQuantum }: Pick<ResolvedMagnitudeOptions, 'keepEveryRow' | 'rowQuantum'>,
): number {
  const least = keepEveryRow ? Math.ceil(blockRows / blockColumnCount) : 1;
  return Math.min(blockRows, Math.ceil(least / rowQuantum) * rowQuantum);
}

function splitRates(options: MagnitudeOptions): Pick<ResolvedMagnitudeOptions, 'rowRate' | 'columnRate'> {
  const { rate, rowRate, columnRate } = options;
  const given = rowRate !== undefined || columnRate !== undefined;
  const split = options.split ?? (given ? 'both' : 'columns');
  if (split !== 'both') {
    if (given) throw new RangeError(`rowRate and columnRate are for split both, not for split ${split}`);
    return split === 'columns' ? { rowRate: 1, columnRate: rate } : { rowRate: rate, columnRate: 1 };
  }
  if (!given) return { rowRate: undefined, columnRate: undefined };
  const rows = rowRate ?? rate / (columnRate ?? 1);
  const columns = columnRate ?? rate / rows;
  checkRate('rowRate', rows);
  checkRate('columnRate', columns);
  if (Math.abs(rows * columns - rate) > rate * rateTolerance) {
    throw new RangeError(`rowRate ${rows} times columnRate ${columns} must be the rate, ${rate}`);
  }
  return { rowRate: rows, columnRate: columns };
}

function checkRate(name: string, rate: number): void {
  if (!Number.isFinite(rate) || rate < 1) {
    throw new RangeError(`${name} must be a finite number of 1 or more, got ${rate}`);
  }
}

function checkQuantum(name: string, quantum: number): void {
  if (!Number.isInteger(quantum) || quantum < 1) {
    throw new RangeError(`${name} must be a positive integer, got ${quantum}`);
  }
}

function checkReach(what: string, rate: number, extent: number, quantum: number, grid: FittedGrid): void {
  const largest = largestRate(extent, quantum);
  if (rate > largest) {
    throw new BeyondReachError(
      `${what} cannot be pruned ${rate}x in blocks of ${grid.blockRows}x${grid.blockColumns}: ${extent} ${what} in multiples of ${Math.min(quantum, extent)} allow ${largest}x`,
    );
  }
}
