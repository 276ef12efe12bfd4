/** Extent of each dimension, outermost first. A scalar has the empty shape. */
export type Shape = readonly number[];

/** A dense 32-bit float tensor in row-major order. */
export interface Tensor {
  /** Extent of each dimension, outermost first. */
  readonly shape: Shape;
  /** `elementCount(shape)` values, the last dimension contiguous. */
  readonly data: Float32Array;
}

/** Number of elements a tensor of this shape has (1 for a scalar). */
export function elementCount(shape: Shape): number {
  return shape.reduce((product, extent) => product * extent, 1);
}

/** Row-major strides, in elements, of a dense tensor of this shape. */
export function rowMajorStrides(shape: Shape): number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = stride;
    stride *= shape[axis] ?? 1;
  }
  return strides;
}

/** Whether two shapes have the same rank and extents. */
export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((extent, axis) => extent === b[axis]);
}

/** `[1,64,3]`, the form every message uses. */
export function formatShape(shape: Shape): string {
  return `[${shape.join(',')}]`;
}

/** A zero-filled tensor. */
export function zeros(shape: Shape): Tensor {
  return { shape, data: new Float32Array(elementCount(shape)) };
}
