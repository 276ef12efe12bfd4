/** The shortest decimal that a compiler reads as this 32-bit float. */
function decimal(value: number): string {
  for (let digits = 1; digits < 9; digits++) {
    // Leading and trailing zeros of `toPrecision` are gone after a turn through a number.
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return String(short);
  }
  return String(Number(value.toPrecision(9)));
}

/** A 32-bit float as C text. */
export function floatLiteral(value: number): string {
  if (Number.isNaN(value)) return 'NAN';
  if (!Number.isFinite(value)) return value < 0 ? '-INFINITY' : 'INFINITY';
  if (Object.is(value, -0)) return '-0.0f';
  const text = decimal(value);
  return /[.e]/.test(text) ? `${text}f` : `${text}.0f`;
}

/**
 * A 32-bit integer as C text.
 *
 * @param smallest - Name of the smallest one, which C has no literal for.
 */
export function integerLiteral(value: number, smallest = 'INT32_MIN'): string {
  return value === -(2 ** 31) ? smallest : String(value);
}
