import { broadcastShapes, elementCount, GrimError, sameShape, type Shape } from '@grim/ir';
import type { FoldingBudget } from './folding-budget.ts';
import { isFloat, type Constant, type FloatConstant, type IntegerConstant } from '../value.ts';
import { integerPower, integerRemainder, wrapInteger } from './integers.ts';
import { broadcastStrides, floatElements } from './strided-copy.ts';

/** Functions of two numbers that give a number of the same type. */
export type ArithmeticFunction = 'add' | 'div' | 'max' | 'min' | 'mod' | 'mul' | 'pow' | 'remainder' | 'sub';

/** Functions of two numbers that give a boolean. */
export type ComparisonFunction = 'equal' | 'greater' | 'greaterOrEqual' | 'less' | 'lessOrEqual';

/** Functions of two booleans. */
export type LogicalFunction = 'and' | 'or' | 'xor';

const floatArithmetic = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  max: Math.max,
  min: Math.min,
  pow: (a, b) => a ** b,
  mod: (a, b) => a - b * Math.floor(a / b),
  remainder: (a, b) => a % b,
} satisfies Record<ArithmeticFunction, (a: number, b: number) => number>;

const integerArithmetic = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => {
    if (b === 0n) throw new GrimError('integer division by zero');
    return a / b;
  },
  max: (a, b) => (a > b ? a : b),
  min: (a, b) => (a < b ? a : b),
  pow: integerPower,
  mod: (a, b) => integerRemainder(a, b, false),
  remainder: (a, b) => integerRemainder(a, b, true),
} satisfies Record<ArithmeticFunction, (a: bigint, b: bigint) => bigint>;

const comparisons = {
  equal: (a, b) => a === b,
  greater: (a, b) => a > b,
  greaterOrEqual: (a, b) => a >= b,
  less: (a, b) => a < b,
  lessOrEqual: (a, b) => a <= b,
} satisfies Record<ComparisonFunction, (a: number | bigint, b: number | bigint) => boolean>;

const logic = {
  and: (a, b) => a && b,
  or: (a, b) => a || b,
  xor: (a, b) => a !== b,
} satisfies Record<LogicalFunction, (a: boolean, b: boolean) => boolean>;

/** The element of a tensor of shape `from` that stands at each element of the shape `to` it broadcasts to. */
function broadcastIndex(from: Shape, to: Shape): (position: number) => number {
  if (sameShape(from, to)) return (position) => position;
  if (elementCount(from) === 1) return () => 0;
  const strides = broadcastStrides(from, to);
  return (position) => {
    let rest = position;
    let index = 0;
    for (let axis = to.length - 1; axis >= 0; axis--) {
      const extent = to[axis] ?? 1;
      index += (rest % extent) * (strides[axis] ?? 0);
      rest = Math.floor(rest / extent);
    }
    return index;
  };
}

function mismatch(a: Constant, b: Constant): GrimError {
  return new GrimError(`operands of type ${a.type} and ${b.type} do not go together`);
}

/** Arithmetic on two constants of one type, broadcast as in NumPy. Integers wrap at the width of their type. */
export function foldArithmetic(
  name: ArithmeticFunction,
  a: Constant,
  b: Constant,
  budget: FoldingBudget,
): Constant {
  if (a.type !== b.type && name !== 'pow') throw mismatch(a, b);
  const shape = broadcastShapes(a.shape, b.shape);
  const indexA = broadcastIndex(a.shape, shape);
  const indexB = broadcastIndex(b.shape, shape);
  const count = budget.allocate(shape);
  if (isFloat(a)) {
    const data = floatElements(a.type, count);
    for (let position = 0; position < count; position++) {
      data[position] = floatArithmetic[name](
        a.data[indexA(position)] ?? 0,
        Number(b.data[indexB(position)] ?? 0),
      );
    }
    return { kind: 'constant', type: a.type, shape, data };
  }
  if (isFloat(b)) throw mismatch(a, b);
  const data = new BigInt64Array(count);
  for (let position = 0; position < count; position++) {
    const value = integerArithmetic[name](a.data[indexA(position)] ?? 0n, b.data[indexB(position)] ?? 0n);
    data[position] = wrapInteger(a.type, value);
  }
  return { kind: 'constant', type: a.type, shape, data };
}

function foldToBoolean(
  a: Constant,
  b: Constant,
  decide: (a: number | bigint, b: number | bigint) => boolean,
  budget: FoldingBudget,
): IntegerConstant {
  if (a.type !== b.type) throw mismatch(a, b);
  const shape = broadcastShapes(a.shape, b.shape);
  const indexA = broadcastIndex(a.shape, shape);
  const indexB = broadcastIndex(b.shape, shape);
  const data = new BigInt64Array(budget.allocate(shape));
  for (let position = 0; position < data.length; position++) {
    data[position] = decide(a.data[indexA(position)] ?? 0, b.data[indexB(position)] ?? 0) ? 1n : 0n;
  }
  return { kind: 'constant', type: 'bool', shape, data };
}

/** Compares two constants of one type elementwise, broadcast as in NumPy. */
export function foldComparison(
  name: ComparisonFunction,
  a: Constant,
  b: Constant,
  budget: FoldingBudget,
): IntegerConstant {
  return foldToBoolean(a, b, comparisons[name], budget);
}

/** Combines two boolean constants elementwise, broadcast as in NumPy. */
export function foldLogical(
  name: LogicalFunction,
  a: Constant,
  b: Constant,
  budget: FoldingBudget,
): IntegerConstant {
  if (a.type !== 'bool' || b.type !== 'bool') throw mismatch(a, b);
  return foldToBoolean(a, b, (left, right) => logic[name](left !== 0n, right !== 0n), budget);
}

/** A function of one real number applied to every element. */
export function foldFloats(
  constant: FloatConstant,
  apply: (value: number) => number,
  budget: FoldingBudget,
): FloatConstant {
  const data = floatElements(constant.type, budget.allocate(constant.shape));
  for (let position = 0; position < data.length; position++)
    data[position] = apply(constant.data[position] ?? 0);
  return { kind: 'constant', type: constant.type, shape: constant.shape, data };
}

/** A function of one integer applied to every element; the result has type `type` and wraps at its width. */
export function foldIntegers(
  constant: IntegerConstant,
  apply: (value: bigint) => bigint,
  budget: FoldingBudget,
): IntegerConstant {
  const { type, shape } = constant;
  const data = new BigInt64Array(budget.allocate(shape));
  for (let position = 0; position < data.length; position++) {
    data[position] = wrapInteger(type, apply(constant.data[position] ?? 0n));
  }
  return { kind: 'constant', type, shape, data };
}

/** Takes elements of `a` where `condition` holds and of `b` elsewhere, all three broadcast as in NumPy. */
export function foldWhere(
  condition: IntegerConstant,
  a: Constant,
  b: Constant,
  budget: FoldingBudget,
): Constant {
  const shape = broadcastShapes(condition.shape, broadcastShapes(a.shape, b.shape));
  const chosen = broadcastIndex(condition.shape, shape);
  const indexA = broadcastIndex(a.shape, shape);
  const indexB = broadcastIndex(b.shape, shape);
  const count = budget.allocate(shape);
  const holds = (position: number): boolean => condition.data[chosen(position)] !== 0n;
  if (isFloat(a) && isFloat(b) && a.type === b.type) {
    const data = floatElements(a.type, count);
    for (let position = 0; position < count; position++) {
      data[position] = (holds(position) ? a.data[indexA(position)] : b.data[indexB(position)]) ?? 0;
    }
    return { kind: 'constant', type: a.type, shape, data };
  }
  if (isFloat(a) || isFloat(b) || a.type !== b.type) throw mismatch(a, b);
  const data = new BigInt64Array(count);
  for (let position = 0; position < count; position++) {
    data[position] = (holds(position) ? a.data[indexA(position)] : b.data[indexB(position)]) ?? 0n;
  }
  return { kind: 'constant', type: a.type, shape, data };
}
