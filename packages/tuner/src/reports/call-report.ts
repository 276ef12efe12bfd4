import type { PlannedCall } from '@grim/ir';

/** One kernel call of the compiled model. */
export interface CallReport {
  /** Node of the graph it belongs to; `outputs` and `states` for the copies at the end of a run. */
  readonly layer: string;
  readonly kernel: string;
  readonly family: string;
  /** The path taken and why. */
  readonly path: string;
  /** Multiply-adds executed, padding included. */
  readonly macs: number;
  /** Bytes of packed weights and indices that are read. */
  readonly weightBytes: number;
  /**
   * Padding of the layer: weights that its calls multiply with over those that are not zero; `null` where it has no weights,
   * and in files of versions that did not record it.
   */
  readonly padding: number | null;
}

/** What a report shows of a planned call. */
export function callReport(call: Omit<PlannedCall, 'entry' | 'result'>): CallReport {
  const { node, kernel, family, path, macs, weightBytes, padding = null } = call;
  return { layer: node, kernel, family, path, macs, weightBytes, padding };
}
