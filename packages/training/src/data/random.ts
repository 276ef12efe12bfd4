/** Random numbers that can be drawn again from the same seed. */
export interface Random {
  /** Uniform from 0 to 1, 1 excluded. */
  readonly next: () => number;
  /** Whole number from 0 to `limit` − 1. */
  readonly below: (limit: number) => number;
}

/** Tommy Ettinger's mulberry32 from a seed: small, and good enough for shuffling and dropout. */
export function seededRandom(seed: number): Random {
  let state = seed | 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return { next, below: (limit) => Math.floor(next() * limit) };
}

/** A seed for one of many streams: neighbouring numbers give unrelated ones (the finaliser of MurmurHash3). */
export function mixSeed(...parts: readonly number[]): number {
  return parts.reduce((seed, part) => {
    let mixed = (seed ^ part) + 0x9e3779b9;
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
    return mixed ^ (mixed >>> 16);
  }, 0);
}
