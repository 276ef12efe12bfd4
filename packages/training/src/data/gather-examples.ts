import { elementCount, type Tensor } from '@grim/ir';

/**
 * Some examples as a batch.
 *
 * @param tensor - All examples, [count, ...shape of one].
 * @param chosen - Their numbers.
 * @param axis - Which axis of the batch counts examples.
 * @returns Row-major values of the shape of one example with an axis more.
 */
export function gatherExamples(tensor: Tensor, chosen: readonly number[], axis: number): Float32Array {
  const extent = elementCount(tensor.shape.slice(1));
  const inner = elementCount(tensor.shape.slice(axis + 1));
  const outer = extent / inner;
  const gathered = new Float32Array(chosen.length * extent);
  chosen.forEach((example, place) => {
    for (let block = 0; block < outer; block++) {
      const start = example * extent + block * inner;
      gathered.set(tensor.data.subarray(start, start + inner), (block * chosen.length + place) * inner);
    }
  });
  return gathered;
}
