import type { BcrcForm } from '@grim/bcr';
import type { Shape } from '@grim/ir';

/** What is said of every weight, pruned or not. */
export interface WeightReportBase {
  /** Name of the layer. */
  readonly layer: string;
  /** Name of the operand: `weights`, or `w` and `r` of recurrent layers. */
  readonly operand: string;
  /** Name of the constant that holds the weight afterwards. */
  readonly value: string;
  /** Logical shape, which pruning leaves as it is. */
  readonly shape: Shape;
  /** Rows of the matrix that is pruned. */
  readonly rows: number;
  /** Columns of the matrix that is pruned. */
  readonly columns: number;
  /** Elements that are zero afterwards. */
  readonly zeros: number;
  /** Bytes of dense 32-bit weights. */
  readonly denseBytes: number;
}

/** A weight that was pruned. */
export interface PrunedWeightReport extends WeightReportBase {
  readonly outcome: 'pruned';
  /** Elements divided by elements kept, as asked for. */
  readonly requestedRate: number;
  /** Elements divided by elements kept, as whole rows and columns allowed. */
  readonly achievedRate: number;
  /** Blocks as used, never larger than the matrix or a gate. */
  readonly block: { readonly rows: number; readonly columns: number };
  /** The blocks asked for, where they were larger and had to be clipped. */
  readonly clippedFrom?: { readonly rows: number; readonly columns: number };
  /** Columns of which nothing is left: inputs that no output depends on through this weight any more. */
  readonly inputsCutOff: number;
  /** Share of the energy (sum of squares) that is left, from 0 to 1. */
  readonly keptEnergy: number;
  /** Bytes in BCRC. */
  readonly bcrcBytes: number;
  /** Bytes in CSR with indices of the same width. */
  readonly csrBytes: number;
  /** The BCRC form that takes fewer bytes. */
  readonly form: BcrcForm;
  /** How well the outputs were kept; absent when the weights that are left are as they were. */
  readonly reconstruction?: ReconstructionReport;
}

/** How well a weight reconstructs what its layer computed of the calibration inputs. */
export interface ReconstructionReport {
  /** Vectors that were multiplied by the weight in calibration. */
  readonly vectors: number;
  /** Added to the diagonal of the Gram matrix of these vectors, relative to its mean. */
  readonly damping: number;
  /** Whether there were fewer vectors than columns, so that the weights are held closer to what they were. */
  readonly fewVectors: boolean;
  /** Energy of the error of the products, divided by that of the products. */
  readonly outputError: number;
  /** The same for pruning by magnitude at the same rate. */
  readonly magnitudeOutputError: number;
}

/** A weight that stayed as it was. */
export interface DenseWeightReport extends WeightReportBase {
  readonly outcome: 'dense';
  /** Why it was not pruned. */
  readonly reason: string;
}

/** What happened to one weight. */
export type WeightReport = PrunedWeightReport | DenseWeightReport;

/** What pruning did to a graph. */
export interface PruneReport {
  /** One entry per weight operand, in the order of the nodes. */
  readonly weights: readonly WeightReport[];
  /** Sums over all weights, each constant counted once. */
  readonly totals: {
    readonly elements: number;
    readonly zeros: number;
    /** Bytes of dense 32-bit weights. */
    readonly denseBytes: number;
    /** Bytes with pruned weights in BCRC and the others dense. */
    readonly storedBytes: number;
  };
}

/** What weights of reports take together. */
interface Sized extends Pick<WeightReportBase, 'value' | 'rows' | 'columns' | 'zeros' | 'denseBytes'> {
  readonly bcrcBytes?: number;
  readonly csrBytes?: number;
}

/**
 * Adds up what weights take; a constant that several layers share counts once. Bytes stored are those of BCRC, of CSR where elements were
 * pruned one by one, and dense ones where these would be fewer.
 */
export function reportOf<Weight extends Sized>(
  weights: readonly Weight[],
): { readonly weights: readonly Weight[]; readonly totals: PruneReport['totals'] } {
  const constants = [...new Map(weights.map((weight) => [weight.value, weight])).values()];
  const sum = (size: (weight: Weight) => number): number =>
    constants.reduce((total, weight) => total + size(weight), 0);
  return {
    weights,
    totals: {
      elements: sum(({ rows, columns }) => rows * columns),
      zeros: sum(({ zeros }) => zeros),
      denseBytes: sum(({ denseBytes }) => denseBytes),
      storedBytes: sum(({ bcrcBytes, csrBytes, denseBytes }) =>
        Math.min(bcrcBytes ?? csrBytes ?? denseBytes, denseBytes),
      ),
    },
  };
}
