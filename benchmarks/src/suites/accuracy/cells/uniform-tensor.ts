import { elementCount, type Shape, type Tensor } from '@grim/ir';

/** Values between `-bound` and `bound`: weights before training. */
export function uniformTensor(shape: Shape, bound: number, random: () => number): Tensor {
  return {
    shape,
    data: Float32Array.from({ length: elementCount(shape) }, () => (2 * random() - 1) * bound),
  };
}
