import { elementCount } from '@grim/ir';

import { pool, type PoolProblem } from '../families/pool.ts';
import { emitPadding } from './emit-padding.ts';
import { forwardView } from './forward-view.ts';
import { isNonNegative } from './is-non-negative.ts';
import { operand, result, type LoweringContext, type NodeOf } from './lowering-context.ts';
import { itemView, memoryOrder, type View } from './view.ts';
import { withHalo } from './with-halo.ts';

/** The input with its border in place, and where the first window starts in it. */
function bordered(context: LoweringContext, node: NodeOf<'pool'>): { input: View; start: number } {
  const { op } = node;
  const name = operand(node, 0);
  // Offsets in kernels count forward from an address.
  const source = forwardView(context, context.view(name));
  const begin = [0, 0, ...op.padsBegin];
  const end = [0, 0, ...op.padsEnd];
  const startOf = (view: View): number =>
    begin.reduce((sum, pad, axis) => sum - pad * (view.strides[axis] ?? 0) * context.floats.bytes, 0);
  if ([...begin, ...end].every((pad) => pad === 0)) return { input: source, start: 0 };
  // Among values that are not negative, of which every window has one, zeros never win a maximum.
  if (op.function === 'average' || isNonNegative(context.graph, name)) {
    const input = withHalo(context, source, op);
    return { input, start: startOf(input) };
  }
  const none = begin.map(() => 0);
  const shape = source.shape.map((extent, axis) => extent + (begin[axis] ?? 0) + (end[axis] ?? 0));
  const input = context.allocateWithHalo(shape, memoryOrder(source), none, none);
  emitPadding(context, { mode: 'constant', begin, end, value: -Infinity }, source, input);
  return { input, start: 0 };
}

/** How many elements of the input each window covers along one axis. */
function coverage(op: NodeOf<'pool'>['op'], axis: number, input: number, output: number): number[] {
  return Array.from({ length: output }, (_, position) => {
    let count = 0;
    for (let tap = 0; tap < (op.kernel[axis] ?? 1); tap++) {
      const index =
        position * (op.strides[axis] ?? 1) + tap * (op.dilations[axis] ?? 1) - (op.padsBegin[axis] ?? 0);
      if (index >= 0 && index < input) count++;
    }
    return count;
  });
}

/** One over the size of each window of an average, row by row; `undefined` when all windows are whole. */
function perPixelFactors(op: NodeOf<'pool'>['op'], input: readonly number[], output: readonly number[]) {
  const padded = [...op.padsBegin, ...op.padsEnd].some((pad) => pad > 0);
  if (op.function === 'max' || op.countIncludePad || !padded) return undefined;
  const counts = output.map((extent, axis) => coverage(op, axis, input[axis] ?? 1, extent));
  const [rows = [1], columns = [1]] = counts.length === 1 ? [[1], ...counts] : counts;
  return Float32Array.from(rows.flatMap((row) => columns.map((column) => 1 / (row * column))));
}

/** Pooling, in the layout of its operand: pixels in lanes where they are contiguous, else channels. */
export function lowerPool(context: LoweringContext, node: NodeOf<'pool'>): void {
  const { op } = node;
  const value = result(node);
  const shape = context.shape(value);
  const { input, start } = bordered(context, node);
  const inChannels = input.strides[1] === 1 && input.strides.at(-1) !== 1;
  const [, , ...spatialAxes] = shape.keys();
  const order = inChannels
    ? [0, ...spatialAxes, 1]
    : shape.length === 4
      ? context.imageOrder(value)
      : [...shape.keys()];
  const output = context.allocateFor(value, shape, order);
  const inputShape = context.shape(operand(node, 0));
  const factors = perPixelFactors(op, inputShape.slice(2), shape.slice(2));
  const factorStorage = factors && context.image(factors);
  // One dimension is two with a height of 1.
  const pair = (values: readonly number[], missing: number): [number, number] =>
    values.length === 1 ? [missing, values[0] ?? 0] : [values[0] ?? 0, values[1] ?? 0];
  const stepsOf = (view: View): [number, number, number] => {
    const { bytes } = context.floats;
    const [, channel = 0, ...spatial] = view.strides;
    const [row, pixel] = pair(spatial, 0);
    return [channel * bytes, row * bytes, pixel * bytes];
  };
  const [inputChannelStep, inputRow, inputPixel] = stepsOf(input);
  const [outputChannelStep, outputRowStep, outputPixelStep] = stepsOf(output);
  const [height, width] = pair(shape.slice(2), 1);
  const [kernelHeight, kernelWidth] = pair(op.kernel, 1);
  const [strideY, strideX] = pair(op.strides, 1);
  const [dilationY, dilationX] = pair(op.dilations, 1);
  const problem: PoolProblem = {
    function: op.function,
    element: context.element,
    lanes: inChannels ? 'channels' : 'pixels',
    channels: shape[1] ?? 0,
    height,
    width,
    inputChannelStep,
    inputRowStep: inputRow * strideY,
    inputPixelStep: inputPixel * strideX,
    outputChannelStep,
    outputRowStep,
    outputPixelStep,
    kernelHeight,
    kernelWidth,
    tapRowStep: inputRow * dilationY,
    tapPixelStep: inputPixel * dilationX,
    ...(op.function === 'average' ? { factor: factors ? 'perPixel' : 'all' } : {}),
    outputSlack: output.slack,
  };
  for (let item = 0; item < (shape[0] ?? 0); item++) {
    const from = itemView(input, item);
    const to = itemView(output, item);
    if (elementCount(to.shape) === 0) continue;
    context.call(
      pool,
      problem,
      [
        { storage: from.storage, offset: from.offset + start },
        ...(factorStorage ? [{ storage: factorStorage, offset: 0 }] : []),
        to,
      ],
      { path: 'pool' },
    );
  }
  context.bind(value, output);
}
