import { elementCount, GrimError, rowMajorStrides, type ReduceFunction } from '@grim/ir';
import type { FoldingBudget } from './folding-budget.ts';
import type { IntegerConstant } from '../value.ts';
import { wrapInteger } from './integers.ts';
import { stridedCopy } from './strided-copy.ts';

/** Functions that combine integers; the product is how sizes are computed. */
export type IntegerReduction = ReduceFunction | 'product';

const combine = {
  max: (a, b) => (a > b ? a : b),
  mean: (a, b) => a + b,
  min: (a, b) => (a < b ? a : b),
  product: (a, b) => a * b,
  sum: (a, b) => a + b,
} satisfies Record<IntegerReduction, (a: bigint, b: bigint) => bigint>;

/** Reduces integers along axes, which are removed from the shape. */
export function reduceIntegers(
  name: IntegerReduction,
  x: IntegerConstant,
  axes: readonly number[],
  budget: FoldingBudget,
): IntegerConstant {
  const kept = x.shape.flatMap((_, axis) => (axes.includes(axis) ? [] : [axis]));
  const strides = rowMajorStrides(x.shape);
  const order = [...kept, ...axes];
  // With the reduced dimensions last, every result is made of neighbours.
  const rows = stridedCopy(
    x,
    {
      shape: order.map((axis) => x.shape[axis] ?? 1),
      offset: 0,
      strides: order.map((axis) => strides[axis] ?? 0),
    },
    budget,
  );
  if (!(rows.data instanceof BigInt64Array)) throw new TypeError('integers expected');
  const shape = kept.map((axis) => x.shape[axis] ?? 1);
  const data = new BigInt64Array(budget.allocate(shape));
  const length = elementCount(axes.map((axis) => x.shape[axis] ?? 1));
  for (let row = 0; row < data.length; row++) {
    const values = rows.data.subarray(row * length, (row + 1) * length);
    data[row] = wrapInteger(x.type, reduceRow(name, values));
  }
  return { kind: 'constant', type: x.type, shape, data };
}

function reduceRow(name: IntegerReduction, values: BigInt64Array): bigint {
  const [first] = values;
  if (first === undefined) {
    if (name === 'sum') return 0n;
    if (name === 'product') return 1n;
    throw new GrimError(`the ${name} of no elements is not defined`);
  }
  let result = first;
  for (let position = 1; position < values.length; position++) {
    result = BigInt.asIntN(64, combine[name](result, values[position] ?? 0n));
  }
  return name === 'mean' ? result / BigInt(values.length) : result;
}
