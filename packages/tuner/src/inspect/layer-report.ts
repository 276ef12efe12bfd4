import type { LayerDescription, Shape } from '@grim/ir';
import type { CallReport } from '../reports/call-report.ts';
import type { EstimateReport } from '../reports/estimate-report.ts';
import type { WeightBytes } from '../reports/weight-bytes.ts';

/** A weight matrix of a layer. */
export interface MatrixReport {
  /** Name of the weight in the graph. */
  readonly value: string;
  /** Output channels, or gates × hidden. */
  readonly rows: number;
  /** Input channels × kernel positions, or inputs. */
  readonly columns: number;
  readonly zeros: number;
  readonly bytes: WeightBytes;
  /** How it was pruned; `null` when it was not. */
  readonly bcr: { readonly blockRows: number; readonly blockColumns: number; readonly rate: number } | null;
  /** Why it cannot be pruned; `null` when it can. */
  readonly unprunable: string | null;
}

/** A kernel call with what it does. */
export interface EstimatedCall extends CallReport {
  /** `null` for a file that is only compiled: the code is not looked into. */
  readonly estimate: EstimateReport | null;
}

/** One layer of a model. */
export interface LayerReport {
  readonly name: string;
  readonly kind: LayerDescription['kind'];
  /** Shapes of the operands by position; `null` where an optional one is absent. */
  readonly inputShapes: readonly (Shape | null)[];
  readonly outputShapes: readonly Shape[];
  /** Multiply-adds of one run, those with zeros included. */
  readonly macs: number;
  /** Elements of all constant operands, biases included. */
  readonly parameters: number;
  readonly matrices: readonly MatrixReport[];
  /**
   * Weights that its calls multiply with over those that are not zero; `null` where it has no weights or is not compiled.
   */
  readonly padding: number | null;
  /** What its calls do; `null` where it has none. */
  readonly estimate: EstimateReport | null;
  /** Kernel calls that compute it; empty where it is a view, or computed by the layer that reads it. */
  readonly calls: readonly EstimatedCall[];
}
