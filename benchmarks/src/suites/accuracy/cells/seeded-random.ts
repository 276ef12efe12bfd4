import { uniformFloat32 } from 'pure-rand/distribution/uniformFloat32';
import { mersenne } from 'pure-rand/generator/mersenne';

/** Numbers from 0 to below 1 that depend on nothing but some whole numbers, each of them below 10,007 but the first. */
export function seededRandom(...seeds: readonly number[]): () => number {
  const generator = mersenne(seeds.reduce((combined, seed) => combined * 10_007 + seed, 0));
  return () => uniformFloat32(generator);
}
