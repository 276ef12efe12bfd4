import { GrimError } from '@grim/ir';
import type { FoldingBudget } from './folding-budget.ts';
import { isFloat, type Constant, type ElementType } from '../value.ts';
import { wrapInteger } from './integers.ts';
import { floatElements } from './strided-copy.ts';

/** Converts a constant to another element type: real numbers are truncated towards zero, integers wrap. */
export function castConstant(constant: Constant, type: ElementType, budget: FoldingBudget): Constant {
  if (constant.type === type) return constant;
  const { shape } = constant;
  const count = budget.allocate(shape);
  if (type === 'float' || type === 'double') {
    const data = floatElements(type, count);
    for (let position = 0; position < count; position++)
      data[position] = Number(constant.data[position] ?? 0);
    return { kind: 'constant', type, shape, data };
  }
  const data = new BigInt64Array(count);
  for (let position = 0; position < count; position++) {
    data[position] = isFloat(constant)
      ? fromFloat(constant.data[position] ?? 0, type)
      : wrapInteger(type, constant.data[position] ?? 0n);
  }
  return { kind: 'constant', type, shape, data };
}

function fromFloat(value: number, type: Exclude<ElementType, 'float' | 'double'>): bigint {
  if (type === 'bool') return value === 0 ? 0n : 1n;
  if (!Number.isFinite(value)) throw new GrimError(`${value} cannot be cast to ${type}`);
  return wrapInteger(type, BigInt(Math.trunc(value)));
}
