import { elementCount, GrimError, type State } from '@grim/ir';
import type { BatchSizes } from './misplaced-operand.ts';

/**
 * The values that a state starts from, for a batch: those of an example for each of them.
 *
 * @param state - A state that holds a row for each example.
 * @param axis - Its axis that counts examples.
 * @param sizes - Examples before and after.
 * @returns Row-major values of the shape for a batch; `undefined` where the state starts from zeros of its own.
 * @throws `GrimError` when examples start from different values and become others in number.
 */
export function repeatInitial(
  { name, shape, initial }: State,
  axis: number,
  { examples, size }: BatchSizes,
): Float32Array | undefined {
  if (!initial || size === examples) return initial;
  const inner = elementCount(shape.slice(axis + 1));
  const outer = initial.length / (examples * inner);
  const repeated = new Float32Array(outer * size * inner);
  for (let block = 0; block < outer; block++) {
    const own = initial.subarray(block * examples * inner, (block + 1) * examples * inner);
    if (own.some((value, index) => value !== own[index % inner])) {
      throw new GrimError(
        `starts from values of its own for each of ${examples} example(s), which ${size} cannot have`,
        { layer: name },
      );
    }
    for (let example = 0; example < size; example++) {
      repeated.set(own.subarray(0, inner), (block * size + example) * inner);
    }
  }
  return repeated;
}
