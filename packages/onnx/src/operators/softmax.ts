import { elementCount } from '@grim/ir';
import { reshapeValue } from '../evaluation/movement.ts';
import { normalizeAxis } from '../evaluation/node-context.ts';
import type { OperatorImporter } from './operator-importer.ts';

/** `Softmax`: along one axis since opset 13, before that over this and all later axes together. */
export const softmax: OperatorImporter = (node) => {
  const x = node.operand(0, 'input');
  const rank = x.shape.length;
  if (node.opset >= 13) {
    const axis = normalizeAxis(node.attributes.int('axis') ?? -1, rank);
    return [node.apply({ kind: 'softmax', axis }, [x])];
  }
  const axis = normalizeAxis(node.attributes.int('axis') ?? 1, rank);
  if (axis === rank - 1) return [node.apply({ kind: 'softmax', axis }, [x])];
  const flat = [elementCount(x.shape.slice(0, axis)), elementCount(x.shape.slice(axis))];
  const rows = reshapeValue(node, x, flat, { part: 'flat' });
  const y = node.apply({ kind: 'softmax', axis: 1 }, [rows], { values: [] });
  return [reshapeValue(node, y, x.shape, { part: 'shape', values: node.outputs })];
};
