import { rowMajorStrides, type Shape } from '@grim/ir';
import type { FoldingBudget } from './folding-budget.ts';
import { isFloat, type Constant, type FloatConstant, type FloatType } from '../value.ts';

/** Where each element of a result comes from in the constant it is copied from. */
export interface StridedSource {
  /** Shape of the result. */
  readonly shape: Shape;
  /** Element of the source that becomes the first element of the result. */
  readonly offset: number;
  /** Distance in the source, in elements, between neighbours along each dimension of the result; may be 0 or negative. */
  readonly strides: readonly number[];
}

/** A typed array of either kind. */
export interface Elements<T extends number | bigint> {
  readonly length: number;
  [index: number]: T;
}

/** Zeros to hold `count` real numbers of this type. */
export function floatElements(type: FloatType, count: number): FloatConstant['data'] {
  return type === 'float' ? new Float32Array(count) : new Float64Array(count);
}

/** Fills `to`, from its element `start` on, with the elements of `from` that `source` selects, in row-major order. */
function copyElements<T extends number | bigint>(
  from: Elements<T>,
  to: Elements<T>,
  source: StridedSource,
): void {
  const { shape, strides } = source;
  const index = shape.map(() => 0);
  let position = source.offset;
  for (let target = 0; target < to.length; target++) {
    const value = from[position];
    if (value !== undefined) to[target] = value;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const along = (index[axis] ?? 0) + 1;
      if (along < (shape[axis] ?? 1)) {
        index[axis] = along;
        position += strides[axis] ?? 0;
        break;
      }
      position -= (along - 1) * (strides[axis] ?? 0);
      index[axis] = 0;
    }
  }
}

/** Slices, transposes and broadcasts: copies elements of a constant by strides. */
export function stridedCopy(constant: Constant, source: StridedSource, budget: FoldingBudget): Constant {
  const { shape } = source;
  const count = budget.allocate(shape);
  if (isFloat(constant)) {
    const data = floatElements(constant.type, count);
    copyElements(constant.data, data, source);
    return { kind: 'constant', type: constant.type, shape, data };
  }
  const data = new BigInt64Array(count);
  copyElements(constant.data, data, source);
  return { kind: 'constant', type: constant.type, shape, data };
}

/** Strides that read a constant of shape `from` as if it had the broadcast shape `to`. */
export function broadcastStrides(from: Shape, to: Shape): number[] {
  const strides = rowMajorStrides(from);
  const lead = to.length - from.length;
  return to.map((_, axis) => (axis < lead || from[axis - lead] === 1 ? 0 : (strides[axis - lead] ?? 0)));
}

/** The constant repeated along dimensions where it has extent 1, so that it has `shape`. */
export function broadcastConstant(constant: Constant, shape: Shape, budget: FoldingBudget): Constant {
  return stridedCopy(
    constant,
    { shape, offset: 0, strides: broadcastStrides(constant.shape, shape) },
    budget,
  );
}
