import { formatShape, GrimError, type PadOperator } from '@grim/ir';
import { normalizeAxis, type NodeContext } from '../evaluation/node-context.ts';
import { sliceValue } from '../evaluation/movement.ts';
import type { OperatorImporter } from './operator-importer.ts';

const modes = ['constant', 'reflect', 'edge'] as const satisfies readonly PadOperator['mode'][];

interface PadParameters {
  /** Elements before each of the padded dimensions, then after each; negative ones are cut off. */
  readonly pads: readonly number[];
  readonly value: number;
  readonly axes: readonly number[];
}

/** Attributes before opset 11, operands since; a choice of axes since opset 18. */
function readParameters(node: NodeContext, rank: number): PadParameters {
  const every = Array.from({ length: rank }, (_, axis) => axis);
  if (node.opset < 11) {
    return {
      pads: node.attributes.ints('pads') ?? [],
      value: node.attributes.float('value') ?? 0,
      axes: every,
    };
  }
  const axes = node.opset >= 18 ? node.optionalIntegers(3, 'axes') : undefined;
  return {
    pads: node.optionalIntegers(1, 'pads') ?? [],
    value: node.optionalScalar(2, 'constant_value') ?? 0,
    axes: axes?.map((axis) => normalizeAxis(axis, rank)) ?? every,
  };
}

/** `Pad` by a constant, by reflection or by the border; negative amounts cut off. */
export const pad: OperatorImporter = (node) => {
  const x = node.operand(0, 'data');
  const name = node.attributes.string('mode') ?? 'constant';
  const mode = modes.find((known) => known === name);
  if (!mode) throw new GrimError(`mode ${name} is not supported`);
  const { pads, value, axes } = readParameters(node, x.shape.length);
  if (pads.length !== 2 * axes.length || new Set(axes).size !== axes.length) {
    throw new GrimError(`${pads.length} pads for axes [${axes.join(',')}] of ${formatShape(x.shape)}`);
  }
  const begin = x.shape.map(() => 0);
  const end = x.shape.map(() => 0);
  axes.forEach((axis, position) => {
    begin[axis] = pads[position] ?? 0;
    end[axis] = pads[axes.length + position] ?? 0;
  });
  const cuts = [...begin, ...end].some((amount) => amount < 0);
  if (cuts && mode !== 'constant') throw new GrimError(`negative pads are not supported in mode ${mode}`);
  const sizes = x.shape.map(
    (extent, axis) => extent + Math.min(0, begin[axis] ?? 0) + Math.min(0, end[axis] ?? 0),
  );
  if (sizes.some((size) => size < 0))
    throw new GrimError(`pads ${formatShape(pads)} cut more than ${formatShape(x.shape)}`);
  const grow = (amounts: readonly number[]): number[] => amounts.map((amount) => Math.max(0, amount));
  const grows = [...begin, ...end].some((amount) => amount > 0);
  const starts = begin.map((amount) => Math.max(0, -amount));
  const inner = sliceValue(
    node,
    x,
    { starts, sizes, steps: x.shape.map(() => 1) },
    grows ? { part: 'slice' } : {},
  );
  if (!grows) return [inner];
  return [node.apply({ kind: 'pad', mode, begin: grow(begin), end: grow(end), value }, [inner])];
};
