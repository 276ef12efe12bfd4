/** Consecutive indices. */
export interface Range {
  readonly first: number;
  readonly count: number;
}

/** Least multiply-adds of a part: some ten microseconds, beside which waiting for another thread does not matter. */
const MINIMUM_MACS = 2 ** 17;

/**
 * Cuts `extent` indices into ranges of about the same work for `threads` threads: fewer ranges when the work is small,
 * one when it is not worth a second thread.
 *
 * @param multiple - Ranges start at multiples of this.
 * @param macs - Multiply-adds of all indices together.
 */
export function splitRange(extent: number, threads: number, multiple: number, macs: number): Range[] {
  const units = Math.ceil(extent / multiple);
  const parts = Math.max(1, Math.min(threads, units, Math.floor(macs / MINIMUM_MACS)));
  return Array.from({ length: parts }, (_, part) => {
    const first = Math.floor((part * units) / parts) * multiple;
    const end = Math.min(extent, Math.floor(((part + 1) * units) / parts) * multiple);
    return { first, count: end - first };
  });
}
