/** Functions of one value. All follow IEEE 754 for NaN and infinities. */
export type UnaryFunction =
  | 'abs'
  | 'exp'
  | 'hardSigmoid'
  | 'hardSwish'
  | 'leakyRelu'
  | 'log'
  | 'neg'
  | 'relu'
  | 'sigmoid'
  | 'sqrt'
  | 'square'
  | 'tanh';

/** A function of one value with its parameters. */
export interface Activation {
  readonly function: UnaryFunction;
  /** Slope of `leakyRelu` below zero (default 0.01); slope of `hardSigmoid` (default 0.2). */
  readonly alpha?: number;
  /** Offset of `hardSigmoid` (default 0.5). */
  readonly beta?: number;
}

/** The value of an activation at `x`, in double precision. */
export function evaluateActivation(activation: Activation, x: number): number {
  switch (activation.function) {
    case 'abs':
      return Math.abs(x);
    case 'exp':
      return Math.exp(x);
    case 'hardSigmoid':
      return Math.max(0, Math.min(1, (activation.alpha ?? 0.2) * x + (activation.beta ?? 0.5)));
    case 'hardSwish':
      return x * Math.max(0, Math.min(1, x / 6 + 0.5));
    case 'leakyRelu':
      return x < 0 ? (activation.alpha ?? 0.01) * x : x;
    case 'log':
      return Math.log(x);
    case 'neg':
      return -x;
    case 'relu':
      return Math.max(0, x);
    case 'sigmoid':
      return 1 / (1 + Math.exp(-x));
    case 'sqrt':
      return Math.sqrt(x);
    case 'square':
      return x * x;
    case 'tanh':
      return Math.tanh(x);
  }
}
