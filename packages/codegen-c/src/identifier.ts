const reservedInC = new Set(
  (
    'auto break case char const continue default do double else enum extern float for goto if inline int long register ' +
    'restrict return short signed sizeof static struct switch typedef union unsigned void volatile while'
  ).split(' '),
);

const none: ReadonlySet<string> = new Set();

/**
 * A name of the kernel IR or of a model as an identifier of C. Names that the IR's builder makes end in a letter or a
 * number, so that a reserved word with an underscore meets no other.
 *
 * @param alsoReserved - Words that the language reserves beside those of C.
 */
export function identifier(name: string, alsoReserved = none): string {
  const legal = name.replaceAll(/\W/g, '_').replace(/^(?=\d|$)/, '_');
  return reservedInC.has(legal) || alsoReserved.has(legal) ? `${legal}_` : legal;
}
