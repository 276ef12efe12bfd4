import type { StatePair } from '@grim/onnx';

/** What an ONNX file leaves open, as the options `--set`, `--shape`, `--state`, `--no-state` and `--operators` give it. */
export interface ImportSettings {
  /** File with operators of your own, see `readOperatorsFile`: also what compiles a graph that calls them. */
  readonly operators?: string;
  /** Inputs with a fixed value, by name: all elements in row-major order. */
  readonly set?: Readonly<Record<string, readonly number[]>>;
  /** Shapes of inputs, by name. */
  readonly shapes?: Readonly<Record<string, readonly number[]>>;
  /** Inputs that carry state and the outputs that replace them; found when absent, none when empty. */
  readonly states?: readonly StatePair[];
}

/** The import settings among others. */
export function importSettingsOf({ operators, set, shapes, states }: ImportSettings): ImportSettings {
  return {
    ...(operators !== undefined && { operators }),
    ...(set && { set }),
    ...(shapes && { shapes }),
    ...(states && { states }),
  };
}
