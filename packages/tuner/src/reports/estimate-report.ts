import type { CallEstimate } from '@grim/kernels';

/** What one or several kernel calls do, counted from their code. */
export interface EstimateReport {
  /** Multiply-adds executed, per lane: padding, tiles that overlap and polynomials included. */
  readonly multiplyAdds: number;
  /** Other operations on floats. */
  readonly otherOperations: number;
  /** Exponentials and logarithms. */
  readonly transcendentals: number;
  /** Bytes of all loads and of all stores. */
  readonly loadedBytes: number;
  readonly storedBytes: number;
  /** Distinct bytes, weights included: what a call has to move when no cache holds anything. */
  readonly movedBytes: number;
  /** Operations (a multiply-add is two) per distinct byte; `null` where nothing is moved. */
  readonly intensity: number | null;
}

/** The sums of some calls. */
export function estimateReport(calls: readonly CallEstimate[]): EstimateReport {
  const sum = (value: (call: CallEstimate) => number): number =>
    calls.reduce((total, call) => total + value(call), 0);
  const multiplyAdds = sum((call) => call.multiplyAdds);
  const otherOperations = sum((call) => call.otherOperations);
  const movedBytes = sum(({ constants, arena }) => constants.touchedBytes + arena.touchedBytes);
  return {
    multiplyAdds,
    otherOperations,
    transcendentals: sum((call) => call.transcendentals),
    loadedBytes: sum(({ constants, arena }) => constants.loadedBytes + arena.loadedBytes),
    storedBytes: sum(({ constants, arena }) => constants.storedBytes + arena.storedBytes),
    movedBytes,
    intensity: movedBytes > 0 ? (2 * multiplyAdds + otherOperations) / movedBytes : null,
  };
}
