import { formatShape, GrimError } from '@grim/ir';
import type { OperatorImporter } from './operator-importer.ts';
import { readWindow } from './read-window.ts';

/** `Conv` over one or two dimensions with constant weights. */
export const conv: OperatorImporter = (node) => {
  const x = node.operand(0, 'X');
  const weights = node.constant(1, 'W');
  const bias = node.optionalConstant(2, 'B') ?? null;
  const kernel = weights.shape.slice(2);
  if (x.shape.length < 3 || x.shape.length > 4 || weights.shape.length !== x.shape.length) {
    throw new GrimError(
      `only 1-D and 2-D convolutions are supported, got input ${formatShape(x.shape)} and weights ${formatShape(weights.shape)}`,
    );
  }
  const stated = node.attributes.ints('kernel_shape') ?? kernel;
  if (formatShape(stated) !== formatShape(kernel)) {
    throw new GrimError(
      `kernel_shape ${formatShape(stated)} does not fit weights ${formatShape(weights.shape)}`,
    );
  }
  const groups = node.attributes.int('group') ?? 1;
  if (groups < 1) throw new GrimError(`attribute group must be positive, got ${groups}`);
  const window = readWindow(node, x.shape.slice(2), kernel);
  return [node.apply({ kind: 'conv', ...window, groups }, [x, weights, bias])];
};
