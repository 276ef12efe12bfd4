import { elementCount, type Shape, type Tensor } from '@grim/ir';
import { mixSeed, seededRandom } from '../../src/data/random.ts';

/** Values from −scale to scale. */
export function randomValues(length: number, seed: number, scale = 1): Float32Array {
  const random = seededRandom(seed);
  return Float32Array.from({ length }, () => (random.next() * 2 - 1) * scale);
}

/** Constants of some shapes by name. */
export function randomConstants(shapes: Readonly<Record<string, Shape>>, seed: number): Map<string, Tensor> {
  return new Map(
    Object.entries(shapes).map(([name, shape], index) => [
      name,
      { shape, data: randomValues(elementCount(shape), mixSeed(seed, index), 0.7) },
    ]),
  );
}
