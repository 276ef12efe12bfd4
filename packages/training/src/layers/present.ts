/** A value that the shape rules of the graph guarantee; anything else is a defect. */
export function present<T>(value: T | null | undefined): T {
  if (value === null || value === undefined) throw new TypeError('an operand is missing');
  return value;
}
