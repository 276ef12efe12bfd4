import type { Expression, KernelBuilder } from '@grim/kernels';

/** A product with recurrent weights in each step. */
export interface RecurrentProduct {
  /** The first gate whose weights it has, and how many gates. */
  readonly firstGate: number;
  readonly gates: number;
  /** What it multiplies: the output of the step before, or what the cell has put into `extra`. */
  readonly operand: 'state' | 'extra';
}

/** Four examples of one unit in a step, while it is computed. */
export interface ForwardUnit {
  readonly builder: KernelBuilder;
  /** A gate: first the product of the inputs with their weights, biases added; then what the cell stores there. */
  readonly gate: (index: number) => Expression;
  readonly setGate: (index: number, value: Expression) => void;
  /** A gate of the last product. */
  readonly product: (index: number) => Expression;
  /** Recurrent bias of the last gate, of a cell that resets a product. */
  readonly lastBias: () => Expression;
  /** A state before the step, and that after it. The output is the first. */
  readonly state: (index: number) => Expression;
  readonly setState: (index: number, value: Expression) => void;
  /** What the cell keeps beside them. */
  readonly extra: () => Expression;
  readonly setExtra: (value: Expression) => void;
}

/** The same, while its derivatives are computed. */
export interface BackwardUnit extends Pick<ForwardUnit, 'builder' | 'gate' | 'state' | 'extra'> {
  /** Derivative by the output of the step from what is behind the layer. */
  readonly byOutput: () => Expression;
  /** Derivative by a state after the step from the steps behind it; the cell replaces it by that before the step. */
  readonly byState: (index: number) => Expression;
  readonly setByState: (index: number, value: Expression) => void;
  /** Derivative by the input of a gate, and by its recurrent product: the same unless the cell resets a product. */
  readonly setByInput: (gate: number, value: Expression) => void;
  readonly setByProduct: (gate: number, value: Expression) => void;
  /** Derivative by the operand of the last product. */
  readonly byOperand: () => Expression;
}

/** One step of a recurrent layer and its derivative. */
export interface RecurrentCell {
  readonly gates: number;
  /** States of the layer, the output first. */
  readonly stateCount: number;
  readonly products: readonly RecurrentProduct[];
  /** Whether a gate scales the product of the last one, bias and all: the derivatives by that and by the input differ then. */
  readonly resetsProduct: boolean;
  /** What follows each product. */
  readonly forward: readonly ((unit: ForwardUnit) => void)[];
  /** What comes first, then what follows the derivative by the operand of each product, the last product first. */
  readonly backward: readonly ((unit: BackwardUnit) => void)[];
}
