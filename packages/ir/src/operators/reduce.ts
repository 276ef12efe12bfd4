import { GrimError } from '../errors.ts';
import { elementCount, formatShape, rowMajorStrides, type Shape, type Tensor } from '../tensor.ts';
import { forEachIndex, valueAt } from './elements.ts';
import { requireAxis, requireOperand } from './operands.ts';
import type { OperatorDefinition } from './operator.ts';

/** Functions that combine all elements along some axes. */
export type ReduceFunction = 'max' | 'mean' | 'min' | 'sum';

/** Reduces along axes; reduced dimensions are kept with extent 1 or removed. */
export interface ReduceOperator {
  readonly kind: 'reduce';
  readonly function: ReduceFunction;
  /** Axes from 0 to rank − 1, ascending. */
  readonly axes: readonly number[];
  readonly keepDims: boolean;
}

function inferShapes(op: ReduceOperator, inputs: readonly (Shape | null)[]): Shape[] {
  const x = requireOperand(inputs, 0, 'x');
  for (const axis of op.axes) requireAxis(axis, x);
  if (op.axes.some((axis, position) => position > 0 && axis <= valueAt(op.axes, position - 1))) {
    throw new GrimError(`attribute axes must ascend, got ${formatShape(op.axes)}`);
  }
  const kept = x.map((extent, axis) => (op.axes.includes(axis) ? 1 : extent));
  return [op.keepDims ? kept : kept.filter((_, axis) => !op.axes.includes(axis))];
}

function combine(name: ReduceFunction, a: number, b: number): number {
  switch (name) {
    case 'max':
      return Math.max(a, b);
    case 'min':
      return Math.min(a, b);
    case 'mean':
    case 'sum':
      return a + b;
  }
}

const initial = { max: -Infinity, mean: 0, min: Infinity, sum: 0 } satisfies Record<ReduceFunction, number>;

function reference(op: ReduceOperator, inputs: readonly (Tensor | null)[]): Tensor[] {
  const x = requireOperand(inputs, 0, 'x');
  const [shape = []] = inferShapes(op, [x.shape]);
  const kept = x.shape.map((extent, axis) => (op.axes.includes(axis) ? 1 : extent));
  const strides = rowMajorStrides(kept);
  const sums = new Float64Array(elementCount(kept)).fill(initial[op.function]);
  forEachIndex(x.shape, (index, position) => {
    let target = 0;
    index.forEach((along, axis) => {
      if (!op.axes.includes(axis)) target += along * valueAt(strides, axis);
    });
    sums[target] = combine(op.function, valueAt(sums, target), valueAt(x.data, position));
  });
  const divisor = op.function === 'mean' ? x.data.length / sums.length : 1;
  return [{ shape, data: Float32Array.from(sums, (sum) => sum / divisor) }];
}

/** Maximum, mean, minimum or sum along axes. */
export const reduce: OperatorDefinition<ReduceOperator> = {
  kind: 'reduce',
  operands: ['x'],
  results: ['y'],
  inferShapes,
  reference,
  macs: () => 0,
  weightMatrices: () => [],
};
