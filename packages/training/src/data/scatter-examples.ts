import { elementCount, type Tensor } from '@grim/ir';

/**
 * Writes the examples of a batch among all examples.
 *
 * @param batch - Values of the batch.
 * @param axis - Which of its axes counts examples.
 * @param all - All examples, [count, ...shape of one].
 * @param first - Number of the first example of the batch; those past the end are left out.
 */
export function scatterExamples(batch: Tensor, axis: number, all: Tensor, first: number): void {
  const size = batch.shape[axis] ?? 1;
  const count = all.shape[0] ?? 0;
  const inner = elementCount(batch.shape.slice(axis + 1));
  const extent = batch.data.length / size;
  for (let place = 0; place < size && first + place < count; place++) {
    for (let block = 0; block < extent / inner; block++) {
      const from = (block * size + place) * inner;
      all.data.set(batch.data.subarray(from, from + inner), (first + place) * extent + block * inner);
    }
  }
}
