/** Extents, such as the widths of blocks, and what is to be kept of each. */
export interface Portion {
  readonly extent: number;
  /** Extent divided by share, 1 or more. */
  readonly rate: number;
}

/**
 * Shares out what pruning rates leave of some extents, such as the widths of all blocks, row by row.
 *
 * Each share is near `extent / rate`; what rounding gives one block too much or too little, the next ones make up for,
 * so that the shares add up to the whole. No share is 0.
 *
 * @param portions - Rows or columns of each block and how far they are pruned, in order.
 * @param quantum - Shares are multiples of this, except where a whole extent is none.
 */
export function apportion(portions: readonly Portion[], quantum: number): number[] {
  let wanted = 0;
  let given = 0;
  return portions.map(({ extent, rate }) => {
    wanted += extent / rate;
    const share = toQuantum(Math.round((wanted - given) / quantum) * quantum, extent, quantum);
    given += share;
    return share;
  });
}

/** The nearest count that a block of this extent may keep: a multiple of the quantum, or all of it, and never 0. */
export function toQuantum(count: number, extent: number, quantum: number): number {
  if (count >= extent) return extent;
  return Math.min(extent, Math.max(quantum, Math.floor(count / quantum) * quantum));
}
