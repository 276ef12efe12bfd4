import { elementCount, formatShape, GrimError, rowMajorStrides, sameShape, type Shape } from '@grim/ir';
import { concatConstants } from '../folding/concat-constants.ts';
import { stridedCopy } from '../folding/strided-copy.ts';
import type { Value } from '../value.ts';
import type { NodeContext, PartNaming } from './node-context.ts';

/*
 * Operators that only move elements. They work on constants of every type, also on empty ones, which shape arithmetic
 * is full of; and where nothing really moves they cost nothing: the value is passed on, or only its shape changes.
 */

/** The same elements in the same order under another shape. */
export function reshapeValue(node: NodeContext, x: Value, shape: Shape, naming?: PartNaming): Value {
  if (sameShape(x.shape, shape)) return x;
  if (elementCount(x.shape) !== elementCount(shape)) {
    throw new GrimError(`${formatShape(x.shape)} cannot be reshaped to ${formatShape(shape)}`);
  }
  if (x.kind === 'constant') {
    node.budget.checkShape(shape);
    return { ...x, shape };
  }
  return node.apply({ kind: 'reshape', shape }, [x], naming);
}

/** Permutes dimensions. */
export function transposeValue(
  node: NodeContext,
  x: Value,
  permutation: readonly number[],
  naming?: PartNaming,
): Value {
  const shape = permutation.map((axis) => x.shape[axis] ?? 1);
  if (x.kind === 'constant') {
    const strides = rowMajorStrides(x.shape);
    return stridedCopy(
      x,
      { shape, offset: 0, strides: permutation.map((axis) => strides[axis] ?? 0) },
      node.budget,
    );
  }
  // Dimensions of extent 1 can go anywhere without moving an element.
  const moving = permutation.filter((axis) => x.shape[axis] !== 1);
  if (moving.every((axis, position) => position === 0 || axis > (moving[position - 1] ?? 0))) {
    return reshapeValue(node, x, shape, naming);
  }
  return node.apply({ kind: 'transpose', permutation }, [x], naming);
}

/** The part of a tensor that a slice takes, one entry per dimension. */
export interface SliceRange {
  readonly starts: readonly number[];
  readonly sizes: readonly number[];
  readonly steps: readonly number[];
}

/** Takes a regular part of a tensor. */
export function sliceValue(node: NodeContext, x: Value, range: SliceRange, naming?: PartNaming): Value {
  const { starts, sizes, steps } = range;
  const whole = x.shape.every(
    (extent, axis) => sizes[axis] === extent && (extent === 1 || (steps[axis] ?? 1) > 0),
  );
  if (whole) return x;
  if (x.kind === 'constant') {
    const strides = rowMajorStrides(x.shape);
    return stridedCopy(
      x,
      {
        shape: sizes,
        offset: starts.reduce((sum, start, axis) => sum + start * (strides[axis] ?? 0), 0),
        strides: strides.map((stride, axis) => stride * (steps[axis] ?? 1)),
      },
      node.budget,
    );
  }
  // What has no elements depends on nothing. Exporters join such parts to others, which then are all there is.
  if (sizes.includes(0)) return { kind: 'constant', type: 'float', shape: sizes, data: new Float32Array(0) };
  return node.apply({ kind: 'slice', ...range }, [x], naming);
}

/** Takes `size` elements from `start` along one axis and everything along the others. */
export function sliceAxis(
  node: NodeContext,
  x: Value,
  axis: number,
  start: number,
  size: number,
  naming?: PartNaming,
): Value {
  const range = {
    starts: x.shape.map((_, along) => (along === axis ? start : 0)),
    sizes: x.shape.map((extent, along) => (along === axis ? size : extent)),
    steps: x.shape.map(() => 1),
  };
  return sliceValue(node, x, range, naming);
}

/** Joins tensors along one axis. */
export function concatValues(
  node: NodeContext,
  values: readonly Value[],
  axis: number,
  naming?: PartNaming,
): Value {
  const [first] = values;
  if (!first) throw new GrimError('nothing to concatenate');
  for (const { shape } of values) {
    const fits =
      shape.length === first.shape.length &&
      shape.every((extent, along) => along === axis || extent === first.shape[along]);
    if (!fits) {
      throw new GrimError(
        `${formatShape(first.shape)} and ${formatShape(shape)} cannot be concatenated along axis ${axis}`,
      );
    }
  }
  const constants = values.filter((value) => value.kind === 'constant');
  if (constants.length === values.length) {
    return constants.length === 1 ? first : concatConstants(constants, axis, node.budget);
  }
  const present = values.filter(({ shape }) => shape[axis] !== 0);
  const [only] = present;
  if (only && present.length === 1) return only;
  return node.apply({ kind: 'concat', axis }, present, naming);
}
