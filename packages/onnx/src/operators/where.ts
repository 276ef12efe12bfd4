import { broadcastShapes, GrimError, sameShape } from '@grim/ir';
import { foldWhere } from '../folding/fold-elementwise.ts';
import { isFloat } from '../value.ts';
import { expandValue } from './expand.ts';
import type { OperatorImporter } from './operator-importer.ts';

/** `Where` with a constant condition; of values that are not constant one side must be taken as a whole. */
export const where: OperatorImporter = (node) => {
  const condition = node.constant(0, 'condition');
  if (isFloat(condition) || condition.type !== 'bool') {
    throw new GrimError(`operand condition must be boolean, got ${condition.type}`);
  }
  const a = node.operand(1, 'X');
  const b = node.operand(2, 'Y');
  if (a.kind === 'constant' && b.kind === 'constant') return [foldWhere(condition, a, b, node.budget)];
  const [first] = condition.data;
  if (condition.data.some((value) => value !== first)) {
    throw new GrimError('a condition that differs between elements is only supported for constants');
  }
  const shape = broadcastShapes(condition.shape, broadcastShapes(a.shape, b.shape));
  const taken = first === 0n ? b : a;
  return [sameShape(taken.shape, shape) ? taken : expandValue(node, taken, shape)];
};
