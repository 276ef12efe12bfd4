import { formatShape, GrimError } from '@grim/ir';
import type { NodeContext } from '../evaluation/node-context.ts';
import type { OperatorImporter } from './operator-importer.ts';

interface Window {
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

/** Strides, dilations and padding of a convolution of `spatial` extents with a `kernel`. */
function readWindow(node: NodeContext, spatial: readonly number[], kernel: readonly number[]): Window {
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
