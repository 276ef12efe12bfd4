import { formatShape, GrimError } from '@grim/ir';
import { transposeValue } from '../evaluation/movement.ts';
import type { OperatorImporter } from './operator-importer.ts';

/** `Transpose`: permutes dimensions; reverses them when no permutation is given. */
export const transpose: OperatorImporter = (node) => {
  const x = node.operand(0, 'data');
  const permutation = node.attributes.ints('perm') ?? x.shape.map((_, axis) => x.shape.length - 1 - axis);
  const sorted = [...permutation].sort((a, b) => a - b);
  if (permutation.length !== x.shape.length || sorted.some((axis, position) => axis !== position)) {
    throw new GrimError(
      `perm [${permutation.join(',')}] does not permute the dimensions of ${formatShape(x.shape)}`,
    );
  }
  return [transposeValue(node, x, permutation)];
};
