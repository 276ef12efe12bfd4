/** One loop whose turns all cost the same: it is walked once, with its index left open. */
export interface OpenLoop {
  readonly turns: number;
}

/** `stride` times the turn of an open loop. */
export interface IndexTerm {
  readonly kind: 'index';
  readonly loop: OpenLoop;
  readonly stride: number;
}

/** `factor` times what a buffer holds at an address that depends on open loops. */
export interface LoadedTerm {
  readonly kind: 'loaded';
  readonly buffer: string;
  /** Bytes of the integer: 2 without a sign, or 4. */
  readonly bytes: 2 | 4;
  readonly address: Affine;
  readonly factor: number;
}

/** An integer as a sum of terms that open loops run through. */
export interface Affine {
  readonly constant: number;
  /** Never empty: a value without terms is a number. */
  readonly terms: readonly (IndexTerm | LoadedTerm)[];
}

/** What the static walk knows about an integer. */
export type Integer = number | Affine;

/** Why a loop cannot be walked with its index left open: its turns have to be walked one by one. */
export class IrregularLoop extends Error {
  override readonly name = 'IrregularLoop';
}

function withTerms(constant: number, terms: Affine['terms']): Integer {
  return terms.length === 0 ? constant : { constant, terms };
}

/** `left + right`. */
export function addIntegers(left: Integer, right: Integer): Integer {
  if (typeof left === 'number') {
    if (typeof right === 'number') return (left + right) | 0;
    return { constant: right.constant + left, terms: right.terms };
  }
  if (typeof right === 'number') return { constant: left.constant + right, terms: left.terms };
  const terms = [...left.terms];
  for (const term of right.terms) {
    const at =
      term.kind === 'index'
        ? terms.findIndex((other) => other.kind === 'index' && other.loop === term.loop)
        : -1;
    const other = terms[at];
    if (other?.kind === 'index' && term.kind === 'index') {
      terms[at] = { ...other, stride: other.stride + term.stride };
    } else terms.push(term);
  }
  return withTerms(
    left.constant + right.constant,
    terms.filter((term) => term.kind === 'loaded' || term.stride !== 0),
  );
}

/** `value · factor`. */
export function scaleInteger(value: Integer, factor: number): Integer {
  if (typeof value === 'number') return Math.imul(value, factor);
  if (factor === 0) return 0;
  return {
    constant: value.constant * factor,
    terms: value.terms.map((term) =>
      term.kind === 'index'
        ? { ...term, stride: term.stride * factor }
        : { ...term, factor: term.factor * factor },
    ),
  };
}

/** `value / 2^count` where every turn gives a whole number. */
export function halveInteger(value: Affine, count: number): Affine {
  const divisor = 2 ** count;
  const divided = (part: number): number => {
    if (part % divisor !== 0) throw new IrregularLoop('a shift drops bits that depend on the turn');
    return part / divisor;
  };
  return {
    constant: divided(value.constant),
    terms: value.terms.map((term) =>
      term.kind === 'index'
        ? { ...term, stride: divided(term.stride) }
        : { ...term, factor: divided(term.factor) },
    ),
  };
}

/** The value in one turn of a loop; `read` gives what a buffer holds. */
export function atTurn(
  value: Integer,
  loop: OpenLoop,
  turn: number,
  read: (term: Pick<LoadedTerm, 'buffer' | 'bytes'>, address: number) => number,
): Integer {
  if (typeof value === 'number') return value;
  return value.terms.reduce<Integer>((sum, term) => {
    if (term.kind === 'index') {
      return addIntegers(sum, term.loop === loop ? term.stride * turn : { constant: 0, terms: [term] });
    }
    const address = atTurn(term.address, loop, turn, read);
    return addIntegers(
      sum,
      typeof address === 'number'
        ? read(term, address) * term.factor
        : { constant: 0, terms: [{ ...term, address }] },
    );
  }, value.constant);
}

/** The loops that an integer depends on. */
export function loopsOf(value: Integer): OpenLoop[] {
  if (typeof value === 'number') return [];
  return value.terms.flatMap((term) => (term.kind === 'index' ? [term.loop] : loopsOf(term.address)));
}

/** The least and the greatest value that loops run through. */
export function rangeOf(value: Integer): readonly [least: number, greatest: number] {
  if (typeof value === 'number') return [value, value];
  let [least, greatest] = [value.constant, value.constant];
  for (const term of value.terms) {
    if (term.kind === 'loaded') return [-Infinity, Infinity];
    const reach = term.stride * (term.loop.turns - 1);
    least += Math.min(0, reach);
    greatest += Math.max(0, reach);
  }
  return [least, greatest];
}
