import type { StatePair } from '@grim/onnx';

/** What an ONNX file leaves open, as the options `--set`, `--shape`, `--state` and `--no-state` give it. */
export interface ImportSettings {
  /** Inputs with a fixed value, by name: all elements in row-major order. */
  readonly set?: Readonly<Record<string, readonly number[]>>;
  /** Shapes of inputs, by name. */
  readonly shapes?: Readonly<Record<string, readonly number[]>>;
  /** Inputs that carry state and the outputs that replace them; found when absent, none when empty. */
  readonly states?: readonly StatePair[];
}
