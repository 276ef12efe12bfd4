import { GrimError } from '@grim/ir';
import { normalizeAxis } from '../evaluation/node-context.ts';
import { concatValues } from '../evaluation/movement.ts';
import type { OperatorImporter } from './operator-importer.ts';

/** `Concat` along an axis. */
export const concat: OperatorImporter = (node) => {
  const values = node.operands.map((_, position) => node.operand(position, `inputs[${position}]`));
  const axis = node.attributes.int('axis');
  if (axis === undefined) throw new GrimError('attribute axis is missing');
  return [concatValues(node, values, normalizeAxis(axis, values[0]?.shape.length ?? 0))];
};
