import type { ExternalDataReader } from './model/external-data.ts';
import type { CustomOperatorMapping } from './operators/custom-operator.ts';
import type { ImportLimits } from './import-limits.ts';

/** A graph input and the graph output that replaces it in the next run. */
export interface StatePair {
  readonly input: string;
  readonly output: string;
}

/** What an import has to be told about a model, and what may be overridden. */
export interface ImportOptions {
  /**
   * Inputs that are fixed once and for all, by name: a number for a scalar, or all elements in row-major order.
   * Integer inputs (a sample rate, a flag) must be fixed; what depends on them is decided at import.
   */
  readonly inputs?: Readonly<Record<string, number | readonly number[]>>;
  /**
   * Shapes of inputs, by name, where the model leaves dimensions open. Dimensions that share a name in the model get the
   * same extent. Open batch dimensions need not be given, they are 1.
   */
  readonly shapes?: Readonly<Record<string, readonly number[]>>;
  /**
   * Inputs that carry recurrent state and the outputs that replace them. By default they are found: an input that
   * reaches the initial state of an LSTM or GRU is paired with the output of the same shape that comes from its final
   * state. `[]` leaves all of them inputs and outputs.
   */
  readonly states?: readonly StatePair[];
  /**
   * Overrides the attribute `linear_before_reset` of every GRU. PyTorch computes with `true`, but some of its exporters
   * left the attribute out, which reads as `false` and makes results wrong by about 0.1.
   */
  readonly linearBeforeReset?: boolean;
  /**
   * Operators that ONNX does not define, or that GRIM does not support, as functions of your own that compiled models call: by
   * operator, with its domain before a dot unless that is ONNX's own, such as `com.example.SoftClip`.
   */
  readonly operators?: Readonly<Record<string, CustomOperatorMapping>>;
  /** Gives the bytes of weights that are stored outside the model file; `nodeExternalData` is one for Node. */
  readonly readExternal?: ExternalDataReader;
  /** Name of the file, for messages. */
  readonly file?: string;
  /** Bounds on what a hostile model can make the import do. */
  readonly limits?: Partial<ImportLimits>;
}
