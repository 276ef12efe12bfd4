/** Share of the cells that an orderly packing stores, above which a disorderly one does not pay. */
const worthwhileShare = 15 / 16;

/**
 * Whether a packing that gathers rows, or adds to outputs, stores so much less than an orderly one that the vector stores
 * it gives up are paid for.
 *
 * @param cells - Cells that the disorderly packing stores.
 * @param orderlyCells - Cells that the orderly packing stores.
 */
export function isWorthDisorder(cells: number, orderlyCells: number): boolean {
  return cells < orderlyCells * worthwhileShare;
}
