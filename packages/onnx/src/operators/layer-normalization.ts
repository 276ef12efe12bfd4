import { GrimError } from '@grim/ir';
import { normalizeAxis } from '../evaluation/node-context.ts';
import type { OperatorImporter } from './operator-importer.ts';

/** `LayerNormalization`, without its second and third result, which only training reads. */
export const layerNormalization: OperatorImporter = (node) => {
  const { attributes } = node;
  // The precision of the first half of the computation: all of it is in 32 bits here.
  attributes.ignore('stash_type');
  if (node.wants(1) || node.wants(2)) throw new GrimError('mean and deviation as results are not supported');
  const x = node.operand(0, 'X');
  const axis = normalizeAxis(attributes.int('axis') ?? -1, x.shape.length);
  const epsilon = attributes.float('epsilon') ?? 1e-5;
  const op = { kind: 'layerNorm', axis, epsilon } as const;
  return [node.apply(op, [x, node.operand(1, 'Scale'), node.operands[2] ?? null])];
};
