/** Text of an expression. */
export interface Rendered {
  readonly text: string;
  /** Whether it needs parentheses where it is an operand of an infix operator. */
  readonly isCompound: boolean;
}

/** Text that stands as an operand as it is: a name, a literal, a call. */
export const primary = (text: string): Rendered => ({ text, isCompound: false });

/** Text that ends in an operator of low precedence. */
export const compound = (text: string): Rendered => ({ text, isCompound: true });
