import { formatShape, GrimError } from '@grim/ir';
import { normalizeAxis, type NodeContext } from '../evaluation/node-context.ts';
import { sliceAxis } from '../evaluation/movement.ts';
import type { Value } from '../value.ts';
import type { OperatorImporter } from './operator-importer.ts';

/** Sizes as an attribute before opset 13, as an operand since; a number of equal parts since opset 18. */
function sizesOf(node: NodeContext, extent: number): readonly number[] {
  const given = node.opset < 13 ? node.attributes.ints('split') : node.optionalIntegers(1, 'split');
  const stated = node.opset >= 18 ? node.attributes.int('num_outputs') : undefined;
  if (given) return given;
  const parts = stated ?? node.outputs.length;
  if (parts !== node.outputs.length)
    throw new GrimError(`num_outputs is ${parts}, but there are ${node.outputs.length}`);
  const size = Math.ceil(extent / parts);
  if (stated === undefined && size * parts !== extent)
    throw new GrimError(`${extent} does not split into ${parts} parts`);
  return Array.from({ length: parts }, (_, part) => Math.max(0, Math.min(size, extent - part * size)));
}

/** `Split`: one slice per output that is used. */
export const split: OperatorImporter = (node) => {
  const x = node.operand(0, 'input');
  const axis = normalizeAxis(node.attributes.int('axis') ?? 0, x.shape.length);
  const extent = x.shape[axis] ?? 1;
  const sizes = sizesOf(node, extent);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (sizes.length !== node.outputs.length || sizes.some((size) => size < 0) || total !== extent) {
    throw new GrimError(
      `axis ${axis} of ${formatShape(x.shape)} does not split into ${node.outputs.length} parts of ${formatShape(sizes)}`,
    );
  }
  let start = 0;
  return sizes.map((size, part): Value | undefined => {
    const from = start;
    start += size;
    if (!node.wants(part)) return undefined;
    return sliceAxis(node, x, axis, from, size, { part: String(part), values: [node.outputs[part] ?? ''] });
  });
};
