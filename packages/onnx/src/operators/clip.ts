import { GrimError } from '@grim/ir';
import type { NodeContext } from '../evaluation/node-context.ts';
import type { Constant } from '../value.ts';
import { combine } from './arithmetic.ts';
import type { OperatorImporter } from './operator-importer.ts';

function scalar(value: number): Constant {
  return { kind: 'constant', type: 'float', shape: [], data: Float32Array.of(value) };
}

function bound(node: NodeContext, position: number, name: 'max' | 'min'): Constant | undefined {
  if (node.opset < 11) {
    const value = node.attributes.float(name);
    return value === undefined ? undefined : scalar(value);
  }
  const value = node.optionalConstant(position, name);
  if (value && value.data.length !== 1) throw new GrimError(`operand ${name} must be a single number`);
  return value && { ...value, shape: [] };
}

/** `Clip`: `min(max(x, low), high)`; bounds are attributes before opset 11, operands since. */
export const clip: OperatorImporter = (node) => {
  const low = bound(node, 1, 'min');
  const high = bound(node, 2, 'max');
  let result = node.operand(0, 'input');
  if (low) result = combine(node, 'max', result, low, high ? { part: 'min' } : {});
  if (high) result = combine(node, 'min', result, high);
  return [result];
};
