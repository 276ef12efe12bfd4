import { formatShape, GrimError, type ResizeCoordinates, type ResizeInterpolation } from '@grim/ir';
import { normalizeAxis, type NodeContext } from '../evaluation/node-context.ts';
import { isFloat, type Value } from '../value.ts';
import type { OperatorImporter } from './operator-importer.ts';

const coordinatesByName: ReadonlyMap<string, ResizeCoordinates> = new Map([
  ['align_corners', 'alignCorners'],
  ['asymmetric', 'asymmetric'],
  ['half_pixel', 'halfPixel'],
  ['pytorch_half_pixel', 'pytorchHalfPixel'],
]);

const nearestByName: ReadonlyMap<string, ResizeInterpolation> = new Map([
  ['ceil', 'nearestCeil'],
  ['floor', 'nearestFloor'],
  ['round_prefer_ceil', 'nearestRoundPreferCeil'],
  ['round_prefer_floor', 'nearestRoundPreferFloor'],
]);

function known<T>(table: ReadonlyMap<string, T>, attribute: string, name: string): T {
  const value = table.get(name);
  if (value === undefined) throw new GrimError(`attribute ${attribute} ${name} is not supported`);
  return value;
}

/** A list of real numbers given as an operand; an empty one counts as absent. */
function optionalReals(node: NodeContext, position: number, label: string): readonly number[] | undefined {
  const constant = node.optionalConstant(position, label);
  if (!constant || constant.shape.includes(0)) return undefined;
  if (!isFloat(constant) || constant.shape.length !== 1) {
    throw new GrimError(
      `operand ${label} must be a list of real numbers, got ${constant.type} ${formatShape(constant.shape)}`,
    );
  }
  return [...constant.data];
}

/** Sizes given as an operand; an empty list counts as absent. */
function optionalSizes(node: NodeContext, position: number): readonly number[] | undefined {
  const sizes = node.optionalIntegers(position, 'sizes');
  return sizes?.length === 0 ? undefined : sizes;
}

/** Extents and scales, one per dimension, of what a resize makes of `x`. */
interface Target {
  readonly sizes: readonly number[];
  readonly scales: readonly number[];
}

/** One entry per dimension from one per axis that is named. */
function spread(
  x: Value,
  axes: readonly number[],
  given: readonly number[],
  label: string,
  others: readonly number[],
): number[] {
  if (given.length !== axes.length || new Set(axes).size !== axes.length) {
    throw new GrimError(
      `${given.length} ${label} for axes [${axes.join(',')}] of input ${formatShape(x.shape)}`,
    );
  }
  const spread = [...others];
  axes.forEach((axis, position) => (spread[axis] = given[position] ?? 1));
  return spread;
}

function targetOf(
  x: Value,
  axes: readonly number[],
  scales: readonly number[] | undefined,
  sizes: readonly number[] | undefined,
): Target {
  if (scales && sizes) throw new GrimError('both scales and sizes are given');
  if (sizes) {
    const all = spread(x, axes, sizes, 'sizes', x.shape);
    return { sizes: all, scales: all.map((size, axis) => size / (x.shape[axis] ?? 1)) };
  }
  if (!scales) throw new GrimError('neither scales nor sizes are given');
  if (scales.some((scale) => !(scale > 0 && scale < Infinity))) {
    throw new GrimError(`scales must be positive numbers, got ${formatShape(scales)}`);
  }
  const ones = x.shape.map(() => 1);
  const all = spread(x, axes, scales, 'scales', ones);
  // ONNX Runtime multiplies in 32 bits, which decides where a product is all but whole.
  return {
    sizes: x.shape.map((extent, axis) => Math.floor(Math.fround(extent * (all[axis] ?? 1)))),
    scales: all,
  };
}

/** The resize itself, which must leave batch and channels alone; nothing where no dimension changes. */
function applyResize(
  node: NodeContext,
  x: Value,
  target: Target,
  how: { readonly interpolation: ResizeInterpolation; readonly coordinates: ResizeCoordinates },
): Value {
  const rank = x.shape.length;
  const changes = x.shape.map((extent, axis) => target.sizes[axis] !== extent || target.scales[axis] !== 1);
  if (!changes.includes(true)) return x;
  if (rank < 3 || rank > 4 || changes[0] === true || changes[1] === true) {
    throw new GrimError(
      `only the spatial dimensions of [N,C,L] and [N,C,H,W] can be resized, not ${formatShape(x.shape)} to ` +
        formatShape(target.sizes),
    );
  }
  const [sizes, scales] = [target.sizes.slice(2), target.scales.slice(2)];
  return node.apply({ kind: 'resize', ...how, sizes, scales }, [x]);
}

/** `nearest` as the given rule of rounding, or `linear`. */
function interpolationOf(mode: string, nearest: ResizeInterpolation): ResizeInterpolation {
  if (mode === 'nearest') return nearest;
  if (mode === 'linear') return 'linear';
  throw new GrimError(`attribute mode ${mode} is not supported`);
}

/** `Resize` by scales or sizes that are constant: the nearest element, or linear. */
export const resize: OperatorImporter = (node) => {
  const { attributes, opset } = node;
  const x = node.operand(0, 'X');
  const every = [...x.shape.keys()];
  const mode = attributes.string('mode') ?? 'nearest';
  if (opset < 11) {
    const target = targetOf(x, every, optionalReals(node, 1, 'scales'), undefined);
    const interpolation = interpolationOf(mode, 'nearestFloor');
    // The text of this version does not say which element is nearest, and implementations disagree when there are fewer.
    if (interpolation !== 'linear' && target.scales.some((scale) => scale < 1)) {
      throw new GrimError(
        `mode nearest with scales below 1 is not defined before opset 11: ${formatShape(target.scales)}`,
      );
    }
    return [applyResize(node, x, target, { interpolation, coordinates: 'asymmetric' })];
  }
  const place = attributes.string('coordinate_transformation_mode') ?? 'half_pixel';
  if (place === 'tf_crop_and_resize') {
    throw new GrimError(
      'a region of interest (coordinate_transformation_mode tf_crop_and_resize) is not supported',
    );
  }
  const coordinates = known(coordinatesByName, 'coordinate_transformation_mode', place);
  const nearest = known(
    nearestByName,
    'nearest_mode',
    attributes.string('nearest_mode') ?? 'round_prefer_floor',
  );
  const interpolation = interpolationOf(mode, nearest);
  for (const flag of ['antialias', 'exclude_outside']) {
    if (attributes.flag(flag, false)) throw new GrimError(`attribute ${flag} is not supported`);
  }
  const policy = attributes.string('keep_aspect_ratio_policy') ?? 'stretch';
  if (policy !== 'stretch')
    throw new GrimError(`attribute keep_aspect_ratio_policy ${policy} is not supported`);
  // Of use in modes that are refused above.
  attributes.ignore('cubic_coeff_a', 'extrapolation_value');
  const axes = attributes.ints('axes')?.map((axis) => normalizeAxis(axis, x.shape.length)) ?? every;
  const target = targetOf(x, axes, optionalReals(node, 2, 'scales'), optionalSizes(node, 3));
  return [applyResize(node, x, target, { interpolation, coordinates })];
};

/** `Upsample`, the predecessor of `Resize`: scales of at least 1, an attribute before opset 9. */
export const upsample: OperatorImporter = (node) => {
  const x = node.operand(0, 'X');
  const scales = node.opset < 9 ? node.attributes.floats('scales') : optionalReals(node, 1, 'scales');
  const mode = node.attributes.string('mode') ?? 'nearest';
  if (scales?.some((scale) => !(scale >= 1))) {
    throw new GrimError(`scales must be at least 1, got ${formatShape(scales)}`);
  }
  const target = targetOf(x, [...x.shape.keys()], scales, undefined);
  const interpolation = interpolationOf(mode, 'nearestFloor');
  return [applyResize(node, x, target, { interpolation, coordinates: 'asymmetric' })];
};
