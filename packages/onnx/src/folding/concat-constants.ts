import { elementCount, GrimError } from '@grim/ir';
import type { FoldingBudget } from './folding-budget.ts';
import { isFloat, type Constant, type FloatConstant, type IntegerConstant } from '../value.ts';
import { floatElements, type Elements } from './strided-copy.ts';

/** Joins constants of one element type along `axis`; their other dimensions must agree. */
export function concatConstants(
  constants: readonly Constant[],
  axis: number,
  budget: FoldingBudget,
): Constant {
  const [first] = constants;
  if (!first) throw new GrimError('nothing to concatenate');
  const extent = constants.reduce((sum, { shape }) => sum + (shape[axis] ?? 0), 0);
  const shape = first.shape.map((size, along) => (along === axis ? extent : size));
  const count = budget.allocate(shape);
  const outer = elementCount(shape.slice(0, axis));
  const inner = elementCount(shape.slice(axis + 1));
  const fill = <T extends number | bigint>(parts: readonly Elements<T>[], to: Elements<T>): void => {
    let target = 0;
    for (let row = 0; row < outer; row++) {
      parts.forEach((part, position) => {
        const length = (constants[position]?.shape[axis] ?? 0) * inner;
        for (let element = 0; element < length; element++) {
          const value = part[row * length + element];
          if (value !== undefined) to[target] = value;
          target++;
        }
      });
    }
  };
  if (isFloat(first)) {
    const sameType = (constant: Constant): constant is FloatConstant => constant.type === first.type;
    const data = floatElements(first.type, count);
    fill(
      requireAll(constants, sameType, first.type).map((part) => part.data),
      data,
    );
    return { kind: 'constant', type: first.type, shape, data };
  }
  const sameType = (constant: Constant): constant is IntegerConstant => constant.type === first.type;
  const data = new BigInt64Array(count);
  fill(
    requireAll(constants, sameType, first.type).map((part) => part.data),
    data,
  );
  return { kind: 'constant', type: first.type, shape, data };
}

function requireAll<Kind extends Constant>(
  constants: readonly Constant[],
  accept: (constant: Constant) => constant is Kind,
  type: string,
): readonly Kind[] {
  return constants.map((constant) => {
    if (!accept(constant))
      throw new GrimError(`operands of type ${type} and ${constant.type} cannot be joined`);
    return constant;
  });
}
