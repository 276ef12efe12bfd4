import type { PruneReport, WeightReport, WeightReportBase } from '../prune-report.ts';

/** A weight whose elements were pruned one by one. */
export interface UnstructuredWeightReport extends WeightReportBase {
  readonly outcome: 'unstructured';
  /** Elements divided by elements kept, as asked for. */
  readonly requestedRate: number;
  /** Elements divided by elements kept, as they are a whole number. */
  readonly achievedRate: number;
  /** Share of the energy (sum of squares) that was left when the mask was chosen, from 0 to 1. */
  readonly keptEnergy: number;
  /** Bytes in CSR, which such a weight is stored in where it is worth it. */
  readonly csrBytes: number;
}

/** What pruning with training did to a graph. */
export interface TrainedPruneReport extends Omit<PruneReport, 'weights'> {
  /** One entry per weight operand, in the order of the nodes. */
  readonly weights: readonly (WeightReport | UnstructuredWeightReport)[];
}
