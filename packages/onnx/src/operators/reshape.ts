import { elementCount, formatShape, GrimError } from '@grim/ir';
import { normalizeAxes } from '../evaluation/node-context.ts';
import type { NodeContext } from '../evaluation/node-context.ts';
import { reshapeValue } from '../evaluation/movement.ts';
import type { OperatorImporter } from './operator-importer.ts';

/** `Reshape`: 0 keeps the extent at its place (unless `allowzero`), one -1 takes what is left. */
export const reshape: OperatorImporter = (node) => {
  const x = node.operand(0, 'data');
  const target = node.optionalIntegers(1, 'shape');
  if (!target) throw new GrimError('operand shape is missing');
  const allowZero = node.opset >= 14 && node.attributes.flag('allowzero', false);
  const kept = target.map((extent, axis) => (extent === 0 && !allowZero ? (x.shape[axis] ?? -2) : extent));
  const open = kept.filter((extent) => extent === -1).length;
  const known = elementCount(kept.filter((extent) => extent !== -1));
  if (open > 1 || kept.some((extent) => extent < -1) || (open === 1 && elementCount(x.shape) % known !== 0)) {
    throw new GrimError(`${formatShape(x.shape)} cannot be reshaped to ${formatShape(target)}`);
  }
  const shape = kept.map((extent) => (extent === -1 ? elementCount(x.shape) / known : extent));
  return [reshapeValue(node, x, shape)];
};

/** `Flatten`: two dimensions, those before `axis` and those from it on. */
export const flatten: OperatorImporter = (node) => {
  const x = node.operand(0, 'input');
  const axis = node.attributes.int('axis') ?? 1;
  const rank = x.shape.length;
  const cut = axis < 0 ? axis + rank : axis;
  if (!(cut >= 0 && cut <= rank))
    throw new GrimError(`axis ${axis} is outside a tensor of ${rank} dimension(s)`);
  return [reshapeValue(node, x, [elementCount(x.shape.slice(0, cut)), elementCount(x.shape.slice(cut))])];
};

/** Axes as an attribute before opset 13, as an operand since. */
function axesOf(node: NodeContext): readonly number[] | undefined {
  return node.opset < 13 ? node.attributes.ints('axes') : node.optionalIntegers(1, 'axes');
}

/** `Squeeze`: removes dimensions of extent 1; all of them when no axes are given. */
export const squeeze: OperatorImporter = (node) => {
  const x = node.operand(0, 'data');
  const given = axesOf(node);
  const axes = given && normalizeAxes(given, x.shape.length);
  const wrong = axes?.find((axis) => x.shape[axis] !== 1);
  if (wrong !== undefined) throw new GrimError(`axis ${wrong} of ${formatShape(x.shape)} is not of extent 1`);
  const shape = x.shape.filter((extent, axis) => (axes ? !axes.includes(axis) : extent !== 1));
  return [reshapeValue(node, x, shape)];
};

/** `Unsqueeze`: inserts dimensions of extent 1; the axes are those of the result. */
export const unsqueeze: OperatorImporter = (node) => {
  const x = node.operand(0, 'data');
  const given = axesOf(node);
  if (!given) throw new GrimError('axes are missing');
  const rank = x.shape.length + given.length;
  const axes = normalizeAxes(given, rank);
  const kept = [...x.shape];
  const shape = Array.from({ length: rank }, (_, axis) => (axes.includes(axis) ? 1 : (kept.shift() ?? 1)));
  return [reshapeValue(node, x, shape)];
};
