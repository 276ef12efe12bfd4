import { broadcastShapes, elementCount, GrimError, sameShape, type Shape } from '@grim/ir';
import type { NodeContext } from '../evaluation/node-context.ts';
import { broadcastConstant } from '../folding/strided-copy.ts';
import type { Value } from '../value.ts';
import type { OperatorImporter } from './operator-importer.ts';

/** Repeats a value along dimensions of extent 1. The graph has no operator for it, but a product with ones is one. */
export function expandValue(node: NodeContext, x: Value, shape: Shape): Value {
  if (sameShape(x.shape, shape)) return x;
  node.budget.checkShape(shape);
  if (x.kind === 'constant') return broadcastConstant(x, shape, node.budget);
  const ones = new Float32Array(node.budget.allocate(shape)).fill(1);
  return node.apply({ kind: 'binary', function: 'mul' }, [
    x,
    { kind: 'constant', type: 'float', shape, data: ones },
  ]);
}

/** `Expand`: broadcasts to a constant shape. */
export const expand: OperatorImporter = (node) => {
  const x = node.operand(0, 'input');
  const target = node.optionalIntegers(1, 'shape');
  if (!target) throw new GrimError('operand shape is missing');
  if (target.some((extent) => extent < 0))
    throw new GrimError(`shape [${target.join(',')}] has a negative extent`);
  node.budget.checkShape(target);
  const shape = broadcastShapes(x.shape, target);
  if (elementCount(x.shape) === 0 && elementCount(shape) !== 0)
    throw new GrimError('an empty tensor cannot be expanded');
  return [expandValue(node, x, shape)];
};
