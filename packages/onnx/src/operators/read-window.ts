import { formatShape, GrimError } from '@grim/ir';
import type { NodeContext } from '../evaluation/node-context.ts';

/** How a window slides over the spatial dimensions. */
export interface Window {
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  readonly padsBegin: readonly number[];
  readonly padsEnd: readonly number[];
}

/** One positive integer per spatial dimension. */
function perDimension(node: NodeContext, name: string, rank: number): readonly number[] {
  const given = node.attributes.ints(name) ?? Array.from({ length: rank }, () => 1);
  if (given.length !== rank || given.some((value) => value < 1)) {
    throw new GrimError(`attribute ${name} must hold ${rank} positive integer(s), got ${formatShape(given)}`);
  }
  return given;
}

/** Strides, dilations and padding of a window of extents `kernel` that slides over `spatial` extents. */
export function readWindow(node: NodeContext, spatial: readonly number[], kernel: readonly number[]): Window {
  const rank = spatial.length;
  const strides = perDimension(node, 'strides', rank);
  const dilations = perDimension(node, 'dilations', rank);
  const pads = node.attributes.ints('pads') ?? Array.from({ length: 2 * rank }, () => 0);
  const auto = node.attributes.string('auto_pad') ?? 'NOTSET';
  if (pads.length !== 2 * rank || pads.some((amount) => amount < 0)) {
    throw new GrimError(
      `attribute pads must hold ${2 * rank} amounts that are not negative, got ${formatShape(pads)}`,
    );
  }
  switch (auto) {
    case 'NOTSET':
      return { strides, dilations, padsBegin: pads.slice(0, rank), padsEnd: pads.slice(rank) };
    case 'VALID':
      return { strides, dilations, padsBegin: spatial.map(() => 0), padsEnd: spatial.map(() => 0) };
    case 'SAME_LOWER':
    case 'SAME_UPPER': {
      const totals = spatial.map((extent, axis) => {
        const stride = strides[axis] ?? 1;
        const span = (dilations[axis] ?? 1) * ((kernel[axis] ?? 1) - 1) + 1;
        return Math.max(0, (Math.ceil(extent / stride) - 1) * stride + span - extent);
      });
      const small = totals.map((total) => Math.floor(total / 2));
      const large = totals.map((total) => Math.ceil(total / 2));
      const lower = auto === 'SAME_LOWER';
      return { strides, dilations, padsBegin: lower ? large : small, padsEnd: lower ? small : large };
    }
    default:
      throw new GrimError(`attribute auto_pad ${auto} is not known`);
  }
}
