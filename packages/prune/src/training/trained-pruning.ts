import type { Graph } from '@grim/ir';
import type { TrainedPruneReport } from './unstructured-report.ts';

/** What happened to one weight, by what the method measures of it. */
export type WeightMeasures = Readonly<Record<string, number>>;

/** A line of the trace of a run. */
export interface TraceEntry {
  /** `admm`, `reweighted`, `gradual` or `retraining`. */
  readonly phase: string;
  /** Steps of the phase that were done. */
  readonly step: number;
  /** The same in epochs. */
  readonly epoch: number;
  /** Mean loss of the steps since the entry before, without penalties. */
  readonly loss: number;
  /**
   * By the name of the weight (`layer:operand`). ADMM: `primal` ‖W − Z‖ / ‖W‖, `dual` ρ‖Z − Z'‖ and `rho`. Reweighted:
   * `weak`, the share of groups whose norm is below a tenth of their root mean square. Gradual: `rate`. Retraining:
   * nothing.
   */
  readonly weights: Readonly<Record<string, WeightMeasures>>;
}

/** Which elements of each pruned weight are kept: 1 or 0 for each, by the name of its constant. */
export type ElementMasks = ReadonlyMap<string, Uint8Array>;

/** A network that was pruned and trained. */
export interface TrainedPruning {
  readonly masks: ElementMasks;
  /** The network of the trainer, how it was pruned recorded as by `pruneByMagnitude`. */
  readonly graph: Graph;
  readonly report: TrainedPruneReport;
  readonly trace: readonly TraceEntry[];
}
