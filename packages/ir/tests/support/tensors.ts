import fc from 'fast-check';
import { elementCount, type Shape, type Tensor } from '../../src/index.ts';

/** A tensor from nested values in row-major order. */
export function tensor(shape: Shape, values: readonly number[]): Tensor {
  if (values.length !== elementCount(shape))
    throw new RangeError(`${values.length} values for [${shape.join()}]`);
  return { shape, data: Float32Array.from(values) };
}

/** Tensors whose values are multiples of 1/16 from −4 to 4, so that small sums and products are exact in float32. */
export function exactTensors(shape: Shape): fc.Arbitrary<Tensor> {
  const count = elementCount(shape);
  return fc.array(fc.integer({ min: -64, max: 64 }), { minLength: count, maxLength: count }).map((values) =>
    tensor(
      shape,
      values.map((value) => value / 16),
    ),
  );
}

/** Shapes of the given rank with small extents. */
export function shapes(minimumRank: number, maximumRank: number, maximumExtent = 4): fc.Arbitrary<number[]> {
  return fc.array(fc.integer({ min: 1, max: maximumExtent }), {
    minLength: minimumRank,
    maxLength: maximumRank,
  });
}

/** The values of a tensor as plain numbers, with −0 written as 0. */
export function valuesOf(values: Tensor | Float32Array | undefined): number[] {
  if (!values) throw new RangeError('there is no such tensor');
  return Array.from(values instanceof Float32Array ? values : values.data, (value) => value + 0);
}

/** Largest absolute difference of two equally long arrays, relative to the largest magnitude in them (at least 1). */
export function relativeDifference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Infinity;
  let difference = 0;
  let scale = 1;
  for (let index = 0; index < expected.length; index++) {
    const [a = NaN, b = NaN] = [actual[index], expected[index]];
    if (Number.isNaN(a) && Number.isNaN(b)) continue;
    if (Number.isNaN(a) || Number.isNaN(b)) return Infinity;
    difference = Math.max(difference, a === b ? 0 : Math.abs(a - b));
    scale = Math.max(scale, Number.isFinite(b) ? Math.abs(b) : 1);
  }
  return difference / scale;
}
