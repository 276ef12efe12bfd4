import { formatShape, GrimError, type PoolFunction } from '@grim/ir';
import type { NodeContext } from '../evaluation/node-context.ts';
import type { Value } from '../value.ts';
import type { OperatorImporter } from './operator-importer.ts';
import { readWindow, type Window } from './read-window.ts';

/**
 * What windows reach past the end when the number of windows is rounded up: the last one that starts inside the input or the
 * padding before it counts.
 */
function padsForCeiling(
  spatial: readonly number[],
  kernel: readonly number[],
  window: Window,
): readonly number[] {
  return spatial.map((extent, axis) => {
    const stride = window.strides[axis] ?? 1;
    const begin = window.padsBegin[axis] ?? 0;
    const end = window.padsEnd[axis] ?? 0;
    const span = (window.dilations[axis] ?? 1) * ((kernel[axis] ?? 1) - 1) + 1;
    const steps = Math.ceil((extent + begin + end - span) / stride);
    const last = steps * stride >= extent + begin ? steps - 1 : steps;
    return Math.max(end, last * stride + span - extent - begin);
  });
}

/** The input with zeros around it, as a part of it. */
function withPadding(node: NodeContext, x: Value, { padsBegin, padsEnd }: Window): Value {
  const [begin, end] = [
    [0, 0, ...padsBegin],
    [0, 0, ...padsEnd],
  ];
  if ([...begin, ...end].every((amount) => amount === 0)) return x;
  return node.apply({ kind: 'pad', mode: 'constant', begin, end, value: 0 }, [x], { part: 'padding' });
}

/** `AveragePool`, `MaxPool` over one or two dimensions. */
export function pool(name: PoolFunction): OperatorImporter {
  return (node) => {
    const { attributes } = node;
    const x = node.operand(0, 'X');
    const spatial = x.shape.slice(2);
    const kernel = attributes.ints('kernel_shape');
    if (spatial.length < 1 || spatial.length > 2) {
      throw new GrimError(`only 1-D and 2-D pooling is supported, got input ${formatShape(x.shape)}`);
    }
    if (kernel?.length !== spatial.length || kernel.some((extent) => extent < 1)) {
      throw new GrimError(
        `attribute kernel_shape must hold ${spatial.length} positive integer(s), got ${formatShape(kernel ?? [])}`,
      );
    }
    // Order of the indices, which are not computed.
    if (name === 'max') attributes.ignore('storage_order');
    if (node.wants(1)) throw new GrimError('the positions of the maxima are not supported');
    const window = readWindow(node, spatial, kernel);
    const countIncludePad = name === 'average' && attributes.flag('count_include_pad', false);
    const ceiling = attributes.flag('ceil_mode', false);
    const padsEnd = ceiling ? padsForCeiling(spatial, kernel, window) : window.padsEnd;
    const op = { kind: 'pool', function: name, kernel, ...window, padsEnd, countIncludePad } as const;
    const excess = padsEnd.map((amount, axis) => amount - (window.padsEnd[axis] ?? 0));
    if (!countIncludePad || excess.every((amount) => amount === 0)) return [node.apply(op, [x])];
    // The padding counts and what rounding up adds to it does not: only the latter stays outside the input.
    const outside = { padsBegin: spatial.map(() => 0), padsEnd: excess, countIncludePad: false };
    return [node.apply({ ...op, ...outside }, [withPadding(node, x, window)])];
  };
}
