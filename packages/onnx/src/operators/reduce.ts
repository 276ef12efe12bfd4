import { formatShape, GrimError, type ReduceFunction } from '@grim/ir';
import { reshapeValue } from '../evaluation/movement.ts';
import { normalizeAxes, type NodeContext } from '../evaluation/node-context.ts';
import { reduceIntegers, type IntegerReduction } from '../folding/fold-reduction.ts';
import { isFloat, type Value } from '../value.ts';
import type { OperatorImporter } from './operator-importer.ts';

/** The axes a node reduces; `undefined` when it asks for none at all, and so does nothing. */
function axesOf(node: NodeContext, rank: number, operandSince: number): readonly number[] | undefined {
  const operand = node.opset >= operandSince;
  const given = operand ? node.optionalIntegers(1, 'axes') : node.attributes.ints('axes');
  const nothing = operand && node.attributes.flag('noop_with_empty_axes', false);
  if (given && given.length > 0) return normalizeAxes(given, rank);
  return nothing ? undefined : Array.from({ length: rank }, (_, axis) => axis);
}

/**
 * `ReduceMax`, `ReduceMean`, `ReduceMin`, `ReduceSum`.
 *
 * @param operandSince - the opset that made the axes an operand
 */
export function reduce(name: ReduceFunction, operandSince: number): OperatorImporter {
  return (node) => {
    const x = node.operand(0, 'data');
    const keepDims = node.attributes.flag('keepdims', true);
    const axes = axesOf(node, x.shape.length, operandSince);
    if (!axes) return [x];
    if (x.kind === 'constant' && !isFloat(x)) {
      const result = reduceIntegers(name, x, axes, node.budget);
      return [keepDims ? reshapeValue(node, result, keptShape(x, axes)) : result];
    }
    return [node.apply({ kind: 'reduce', function: name, axes, keepDims }, [x])];
  };
}

/** `ReduceProd` of integer constants. */
export const reduceProduct: OperatorImporter = (node) => {
  const x = node.constant(0, 'data');
  if (isFloat(x)) throw new GrimError(`only supported for integers, got ${x.type} ${formatShape(x.shape)}`);
  const keepDims = node.attributes.flag('keepdims', true);
  const axes = axesOf(node, x.shape.length, 18);
  if (!axes) return [x];
  const name: IntegerReduction = 'product';
  const result = reduceIntegers(name, x, axes, node.budget);
  return [keepDims ? reshapeValue(node, result, keptShape(x, axes)) : result];
};

/** `GlobalAveragePool`, `GlobalMaxPool`: over everything behind batch and channel. */
export function globalPool(name: 'max' | 'mean'): OperatorImporter {
  return (node) => {
    const x = node.operand(0, 'X');
    if (x.shape.length < 3) throw new GrimError(`needs an input [N,C,…], got ${formatShape(x.shape)}`);
    const axes = x.shape.flatMap((_, axis) => (axis < 2 ? [] : [axis]));
    return [node.apply({ kind: 'reduce', function: name, axes, keepDims: true }, [x])];
  };
}

function keptShape(x: Value, axes: readonly number[]): number[] {
  return x.shape.map((extent, axis) => (axes.includes(axis) ? 1 : extent));
}
