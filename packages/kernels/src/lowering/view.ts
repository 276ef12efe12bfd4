import type { Shape } from '@grim/ir';

import type { ElementType } from '../kernel-ir/types.ts';

/** Where a storage lives and for how long. */
export type StorageKind =
  /** Shared with other values once its last reader has run. */
  | 'arena'
  /** Filled before the first run and never written. */
  | 'image'
  /** Its own for the whole life of the program: ports, states, and buffers whose halo must stay zero. */
  | 'persistent';

/** A piece of linear memory whose address is assigned after lowering. */
export interface Storage {
  readonly kind: StorageKind;
  readonly bytes: number;
  /** Contents of an image storage. */
  readonly data?: Uint8Array;
}

/** A value in a storage, in any layout. */
export interface View {
  readonly storage: Storage;
  readonly element: ElementType;
  /** Byte offset of the first element in the storage. */
  readonly offset: number;
  readonly shape: Shape;
  /** Elements between neighbours along each dimension. */
  readonly strides: readonly number[];
  /** Elements after the last one of the contiguous dimension that may be overwritten. */
  readonly slack: number;
  /** Zeros that surround the value along each dimension, in elements of that dimension; absent when there are none. */
  readonly halo?: { readonly begin: readonly number[]; readonly end: readonly number[] };
}

/** Bytes of an element in memory. */
export const elementSizes = { f16: 2, f32: 4 } as const satisfies Record<ElementType, number>;

/** Part of a view: from `starts`, `sizes` elements, every `steps`-th along each dimension. */
export function sliceView(
  view: View,
  starts: readonly number[],
  sizes: readonly number[],
  steps?: readonly number[],
): View {
  const { storage, element } = view;
  const offset = starts.reduce(
    (sum, start, axis) => sum + start * (view.strides[axis] ?? 0) * elementSizes[element],
    view.offset,
  );
  return {
    storage,
    element,
    offset,
    shape: sizes,
    strides: view.strides.map((stride, axis) => stride * (steps?.[axis] ?? 1)),
    slack: 0,
  };
}

/** The view at one index of its first dimension, without that dimension. */
export function itemView(view: View, index: number): View {
  const { storage, element } = view;
  return {
    storage,
    element,
    offset: view.offset + index * (view.strides[0] ?? 0) * elementSizes[element],
    shape: view.shape.slice(1),
    strides: view.strides.slice(1),
    slack: view.slack,
    ...(view.halo ? { halo: { begin: view.halo.begin.slice(1), end: view.halo.end.slice(1) } } : {}),
  };
}

/** The view with its dimensions in another order. */
export function transposeView(view: View, permutation: readonly number[]): View {
  const pick = (values: readonly number[]): number[] => permutation.map((axis) => values[axis] ?? 0);
  return {
    ...view,
    shape: pick(view.shape),
    strides: pick(view.strides),
    ...(view.halo ? { halo: { begin: pick(view.halo.begin), end: pick(view.halo.end) } } : {}),
  };
}

/**
 * The same elements under another shape, without moving them; `undefined` where the layout does not allow it.
 *
 * Dimensions of extent 1 are free; the others are split or merged as long as merged ones are walked with one stride.
 */
export function reshapeView(view: View, shape: Shape): View | undefined {
  const source = view.shape.flatMap((extent, axis) =>
    extent === 1 ? [] : [{ extent, stride: view.strides[axis] ?? 0 }],
  );
  const strides = new Array<number>(shape.length).fill(0);
  const targets = shape.flatMap((extent, axis) => (extent === 1 ? [] : [{ extent, axis }]));
  let from = 0;
  let to = 0;
  while (from < source.length && to < targets.length) {
    let sourceEnd = from + 1;
    let targetEnd = to + 1;
    let sourceSize = source[from]?.extent ?? 1;
    let targetSize = targets[to]?.extent ?? 1;
    while (sourceSize !== targetSize) {
      if (sourceSize < targetSize) sourceSize *= source[sourceEnd++]?.extent ?? 0;
      else targetSize *= targets[targetEnd++]?.extent ?? 0;
      if (sourceSize === 0 || targetSize === 0) return undefined;
    }
    for (let axis = from; axis + 1 < sourceEnd; axis++) {
      const outer = source[axis];
      const inner = source[axis + 1];
      if (outer && inner && outer.stride !== inner.stride * inner.extent) return undefined;
    }
    let stride = source[sourceEnd - 1]?.stride ?? 0;
    for (let target = targetEnd - 1; target >= to; target--) {
      const { extent = 1, axis = 0 } = targets[target] ?? {};
      strides[axis] = stride;
      stride *= extent;
    }
    from = sourceEnd;
    to = targetEnd;
  }
  const { storage, element, offset, slack } = view;
  return { storage, element, offset, shape, strides, slack };
}

/** Whether the elements lie densely in row-major order. */
export function isDense(view: View): boolean {
  let expected = 1;
  for (let axis = view.shape.length - 1; axis >= 0; axis--) {
    const extent = view.shape[axis] ?? 1;
    if (extent !== 1 && view.strides[axis] !== expected) return false;
    expected *= extent;
  }
  return true;
}

/** Dimensions from the one with the largest stride to the one with the smallest; extents of 1 keep their place. */
export function memoryOrder(view: View): number[] {
  return view.shape
    .map((_, axis) => axis)
    .sort((a, b) => Math.abs(view.strides[b] ?? 0) - Math.abs(view.strides[a] ?? 0) || a - b);
}
