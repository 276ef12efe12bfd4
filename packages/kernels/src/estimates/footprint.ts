import { IrregularLoop, loopsOf, type Affine, type Integer, type LoadedTerm } from './affine.ts';
import { ByteSet } from './byte-set.ts';

/** Steps of equal distance: one per turn of a loop, or per piece of an access. */
interface Steps {
  readonly stride: number;
  readonly count: number;
}

/** The addresses that a sum of terms runs through. */
interface Addresses {
  /** Parts at equal distances, the shortest first, so that equal sets are written alike. */
  readonly steps: readonly Steps[];
  /** Parts that are read from lists. */
  readonly lists: readonly LoadedTerm[];
  /** Says which steps, and which steps and lists, these are. */
  readonly stepsKey: string;
  readonly key: string;
  /** All sums of the parts that are read from lists, once they were needed. */
  starts?: readonly number[];
}

/** Bytes that are accessed from the same steps. */
interface Pattern {
  readonly steps: readonly Steps[];
  readonly bytes: number;
  readonly starts: ByteSet;
}

/** A load or a store of `pieces` pieces of `bytes` bytes, `stride` bytes apart, `offset` bytes from its address on. */
interface Pieces {
  readonly buffer: string;
  readonly bytes: number;
  readonly pieces: number;
  readonly stride: number;
  readonly offset: number;
}

/** What a buffer holds at an address. */
export type ReadInteger = (term: Pick<LoadedTerm, 'buffer' | 'bytes'>, address: number) => number;

const noAddresses: Addresses = { steps: [], lists: [], stepsKey: '', key: '', starts: [0] };

/** All sums of one multiple of every step. */
function combinations(steps: readonly Steps[]): number[] {
  return steps.reduce<number[]>(
    (sums, { stride, count }) =>
      sums.flatMap((sum) => Array.from({ length: count }, (_, turn) => sum + turn * stride)),
    [0],
  );
}

/** The address that an integer is read from; it depends on a loop, else the integer would be known. */
function addressOf({ address }: LoadedTerm): Affine {
  if (typeof address === 'number') throw new TypeError('an integer at a known address is known');
  return address;
}

function addressesOf(terms: Affine['terms']): Addresses {
  const steps: Steps[] = [];
  const lists: LoadedTerm[] = [];
  const loops = new Set<unknown>();
  for (const term of terms) {
    // Terms that run together have fewer sums than all combinations.
    for (const loop of term.kind === 'index' ? [term.loop] : loopsOf(term.address)) {
      if (loops.has(loop)) throw new IrregularLoop('two parts of an address run together');
      loops.add(loop);
    }
    if (term.kind === 'index') steps.push({ stride: term.stride, count: term.loop.turns });
    else lists.push(term);
  }
  steps.sort((a, b) => Math.abs(a.stride) - Math.abs(b.stride) || a.count - b.count);
  const stepsKey = steps.map(({ stride, count }) => `${String(stride)}x${String(count)}`).join();
  const listKeys = lists.map((list) => {
    const { constant, terms: inner } = addressOf(list);
    return `${list.buffer}+${String(constant)}+${addressesOf(inner).key}*${String(list.factor)}`;
  });
  return { steps, lists, stepsKey, key: [stepsKey, ...listKeys].join(';') };
}

/** Collects the distinct bytes that accesses touch, without enumerating the turns of open loops one by one. */
export class Footprint {
  private readonly patterns = new Map<string, Map<string, Pattern>>();
  private readonly known = new WeakMap<Affine['terms'], Addresses>();
  private readonly seen = new Set<string>();
  private readonly read: ReadInteger;

  constructor(read: ReadInteger) {
    this.read = read;
  }

  /**
   * Adds what an access touches.
   *
   * @throws IrregularLoop when parts of the address depend on one loop in different ways.
   */
  add({ buffer, bytes, pieces, stride, offset }: Pieces, address: Integer): void {
    const addresses = typeof address === 'number' ? noAddresses : this.addresses(address.terms);
    const constant = (typeof address === 'number' ? address : address.constant) + offset;
    const shape = `${String(bytes)} ${String(pieces)}x${String(stride)} `;
    const access = `${buffer} ${shape}${String(constant)} ${addresses.key}`;
    // The next group of rows reads the same inputs again.
    if (this.seen.has(access)) return;
    this.seen.add(access);
    let ofBuffer = this.patterns.get(buffer);
    if (!ofBuffer) this.patterns.set(buffer, (ofBuffer = new Map<string, Pattern>()));
    const key = shape + addresses.stepsKey;
    let pattern = ofBuffer.get(key);
    if (!pattern) {
      const steps = pieces > 1 ? [...addresses.steps, { stride, count: pieces }] : addresses.steps;
      pattern = { steps, bytes, starts: new ByteSet() };
      ofBuffer.set(key, pattern);
    }
    for (const start of this.starts(addresses)) pattern.starts.add(constant + start, 1);
  }

  /** The bytes of a buffer that were touched. */
  touched(buffer: string): ByteSet {
    const set = new ByteSet();
    for (const { steps, bytes, starts } of this.patterns.get(buffer)?.values() ?? []) {
      // Steps no longer than what they start from make one longer piece.
      let length = bytes;
      let first = 0;
      const apart: Steps[] = [];
      for (const { stride, count } of steps) {
        const reach = Math.abs(stride) * (count - 1);
        if (Math.abs(stride) > length) apart.push({ stride, count });
        else {
          length += reach;
          if (stride < 0) first -= reach;
        }
      }
      const moves = combinations(apart);
      starts.forEachRun((start, run) => {
        for (const move of moves) set.add(start + first + move, run - 1 + length);
      });
    }
    return set;
  }

  private addresses(terms: Affine['terms']): Addresses {
    let addresses = this.known.get(terms);
    if (!addresses) this.known.set(terms, (addresses = addressesOf(terms)));
    return addresses;
  }

  private starts(addresses: Addresses): readonly number[] {
    return (addresses.starts ??= addresses.lists.reduce<number[]>(
      (starts, list) => {
        const values = this.values(list);
        return starts.flatMap((start) => values.map((value) => start + value));
      },
      [0],
    ));
  }

  /** What a list holds, times its factor. */
  private values(list: LoadedTerm): number[] {
    const { constant, terms } = addressOf(list);
    const places = this.addresses(terms);
    const moves = combinations(places.steps);
    return this.starts(places).flatMap((start) =>
      moves.map((move) => this.read(list, constant + start + move) * list.factor),
    );
  }
}
