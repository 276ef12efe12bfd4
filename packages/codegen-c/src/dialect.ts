import type { Expression, PointerVariables, Statement, ValueType } from '@grim/kernels';

import type { Rendered } from './rendered.ts';

/** Expressions of one operator. */
export type ExpressionOf<Op extends Expression['op']> = Extract<Expression, { op: Op }>;

/** Statements of one kind. */
export type StatementOf<Kind extends Statement['kind']> = Extract<Statement, { kind: Kind }>;

/** Bytes of a buffer that a load or a store begins at. */
export interface Access {
  readonly buffer: string;
  readonly address: Expression;
  readonly offset: number;
}

/** The text of what an expression or a statement is made of. */
export interface Parts {
  readonly render: (expression: Expression) => Rendered;
  /** An expression where nothing binds tighter: between commas, in brackets, after `=`. */
  readonly bare: (expression: Expression) => string;
  /** An expression as an operand of an infix operator: in parentheses where it needs them. */
  readonly grouped: (expression: Expression) => string;
  /** A pointer to bytes of a buffer: its parameter, or a variable that is a pointer into it, plus bytes. */
  readonly pointer: (access: Access) => string;
  /** A name of the kernel IR as an identifier. */
  readonly identifier: (name: string) => string;
}

/** Writes expressions of one operator. */
export type Writer<Op extends Expression['op']> = (expression: ExpressionOf<Op>, parts: Parts) => Rendered;

/** Writes every expression of the kernel IR. */
export type ExpressionWriters = { readonly [Op in Expression['op']]: Writer<Op> };

/** Variables that are written as pointers into a buffer, see `pointerVariables`. */
export interface PointerStyle {
  readonly variables: PointerVariables;
  /** Type of a pointer into a buffer, up to where the name of the variable follows. */
  readonly type: (buffer: string) => string;
}

/** How a language like C writes kernels. */
export interface Dialect {
  /** Words that no name of a kernel may be, beside those of C. */
  readonly reservedWords?: ReadonlySet<string>;
  /** Names of types; those that the language has not are absent. */
  readonly valueTypes: Readonly<Partial<Record<ValueType, string>>>;
  readonly expressions: ExpressionWriters;
  /** Which variables are pointers; none where it is absent. */
  readonly pointers?: PointerStyle;
  /** The statement that stores, without its semicolon. */
  readonly store: (statement: StatementOf<'store'>, parts: Parts) => string;
  /** The call of a function outside the kernel IR, without its semicolon; absent where the language cannot. */
  readonly external?: (statement: StatementOf<'external'>, parts: Parts) => string;
  /**
   * Lines of a declaration that is not written as a type, a name and a value: several, or none where the value is elsewhere.
   * Nothing where it is.
   */
  readonly declare?: (statement: StatementOf<'declare'>, parts: Parts) => readonly string[] | undefined;
}
