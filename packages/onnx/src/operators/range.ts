import { GrimError } from '@grim/ir';
import { wrapInteger } from '../folding/integers.ts';
import { floatElements } from '../folding/strided-copy.ts';
import { isFloat } from '../value.ts';
import type { OperatorImporter } from './operator-importer.ts';

/** `Range`: `start, start + delta, …` while below `limit` (above it for a negative delta). */
export const range: OperatorImporter = (node) => {
  const [start, limit, delta] = [
    node.constant(0, 'start'),
    node.constant(1, 'limit'),
    node.constant(2, 'delta'),
  ];
  if (start.type !== limit.type || start.type !== delta.type) {
    throw new GrimError(`operands of type ${start.type}, ${limit.type} and ${delta.type} do not go together`);
  }
  if ([start, limit, delta].some(({ data }) => data.length !== 1))
    throw new GrimError('operands must be single numbers');
  const [from = 0] = start.data;
  const [to = 0] = limit.data;
  const [step = 0] = delta.data;
  const count = Math.max(0, Math.ceil((Number(to) - Number(from)) / Number(step)));
  if (!Number.isFinite(count)) throw new GrimError(`a range from ${from} to ${to} by ${step} does not end`);
  const shape = [count];
  node.budget.allocate(shape);
  if (isFloat(start)) {
    const data = floatElements(start.type, count);
    for (let index = 0; index < count; index++) data[index] = Number(from) + index * Number(step);
    return [{ kind: 'constant', type: start.type, shape, data }];
  }
  const { type } = start;
  const data = new BigInt64Array(count);
  for (let index = 0; index < count; index++) {
    data[index] = wrapInteger(type, BigInt(from) + BigInt(index) * BigInt(step));
  }
  return [{ kind: 'constant', type, shape, data }];
};
