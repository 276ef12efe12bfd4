import type { BinaryOperation, Comparison, UnaryOperation, ValueType } from '@grim/kernels';

/** The text of an operator of one or two operands. */
export interface Operator {
  readonly write: (left: string, right: string) => string;
  /** Whether operands need parentheses where they are compound. */
  readonly groupsOperands: boolean;
  /** Whether the result needs parentheses where it is an operand. */
  readonly isCompound: boolean;
}

/** Operators by operation and type of the operands; what is absent does not exist in the kernel IR. */
export interface OperatorTable {
  /** Name of the language, for messages. */
  readonly language: string;
  readonly unary: Readonly<Record<UnaryOperation, Partial<Record<ValueType, Operator>>>>;
  readonly binary: Readonly<Record<BinaryOperation, Partial<Record<ValueType, Operator>>>>;
  /** Functions by source and destination type: truncation saturates and turns NaN into 0, as the kernel IR has it. */
  readonly conversions: Partial<Record<`${ValueType}>${ValueType}`, string>>;
  /** Functions that take the bits of a value as another type. */
  readonly bitcasts: Partial<Record<`${ValueType}>${ValueType}`, string>>;
}

/** `name(left, right)`, or `name(left)` of one operand. */
export const call = (name: string): Operator => ({
  write: (left, right) => (right === '' ? `${name}(${left})` : `${name}(${left}, ${right})`),
  groupsOperands: false,
  isCompound: false,
});

/** A text that stands in parentheses of its own, of operands that stand between commas. */
export const closed = (write: Operator['write']): Operator => ({
  write,
  groupsOperands: false,
  isCompound: false,
});

/** `left symbol right`. */
export const infix = (symbol: string): Operator => ({
  write: (left, right) => `${left} ${symbol} ${right}`,
  groupsOperands: true,
  isCompound: true,
});

/** `symbol operand`. */
export const prefix = (symbol: string): Operator => ({
  write: (operand) => `${symbol}${operand}`,
  groupsOperands: true,
  isCompound: true,
});

/** Symbols of comparisons. */
export const comparisonSymbols = {
  eq: '==',
  ge: '>=',
  gt: '>',
  le: '<=',
  lt: '<',
  ne: '!=',
} satisfies Record<Comparison, string>;
