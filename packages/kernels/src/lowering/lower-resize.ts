import { resizeTaps, type ResizeOperator, type ResizeTap, type Shape } from '@grim/ir';

import { MAXIMUM_REPEATS, resize } from '../families/resize/resize.ts';
import {
  resizeEntry,
  resizeScratch,
  scratchRow,
  type ResizeProblem,
  type ResizeSampling,
} from '../families/resize/resize-problem.ts';
import { forwardView } from './forward-view.ts';
import { operand, result, type LoweringContext, type NodeOf } from './lowering-context.ts';
import { elementSizes, itemView, type View } from './view.ts';

/** How one spatial axis is resampled. */
interface Axis {
  readonly taps: readonly ResizeTap[];
  /** How often each element is there when all are equally often and in order. */
  readonly times: number | undefined;
}

function axisOf(taps: readonly ResizeTap[], extent: number): Axis {
  const times = taps.length / extent;
  const isRegular = taps.every(
    ({ lower, upper }, index) => lower === upper && lower === Math.floor(index / times),
  );
  return { taps, times: Number.isInteger(times) && isRegular ? times : undefined };
}

/** Rows and pixels; one dimension is two with a height of 1. */
function axesOf(op: ResizeOperator, input: Shape): readonly [rows: Axis, pixels: Axis] {
  const axes = input.slice(2).map((extent, axis) => axisOf(resizeTaps(op, axis, extent), extent));
  const [first, second] = axes;
  if (!first) throw new TypeError('a resize of no dimension');
  return second ? [first, second] : [axisOf([{ lower: 0, upper: 0, weight: 0 }], 1), first];
}

/** Rows of an image, and bytes between neighbours of its channels, rows and pixels. */
function planeOf({ shape, strides, element }: View) {
  const bytes = elementSizes[element];
  const isImage = shape.length === 4;
  return {
    height: isImage ? (shape[2] ?? 1) : 1,
    width: shape.at(-1) ?? 1,
    channelStep: (strides[1] ?? 0) * bytes,
    rowStep: isImage ? (strides[2] ?? 0) * bytes : 0,
    pixelStep: (strides.at(-1) ?? 0) * bytes,
  };
}

/** A table of the kernel, of elements `step` bytes apart: see {@link resizeEntry}. */
function tableOf({ taps }: Axis, step: number): Int32Array {
  const entries = new DataView(new ArrayBuffer(taps.length * resizeEntry.bytes));
  taps.forEach(({ lower, upper, weight }, index) => {
    const share = lower === upper ? 0.5 : weight;
    const at = index * resizeEntry.bytes;
    entries.setInt32(at + resizeEntry.lower, lower * step, true);
    entries.setInt32(at + resizeEntry.upper, upper * step, true);
    entries.setFloat32(at + resizeEntry.lowerShare, 1 - share, true);
    entries.setFloat32(at + resizeEntry.upperShare, share, true);
  });
  return new Int32Array(entries.buffer);
}

function samplingOf(op: ResizeOperator, rows: Axis, pixels: Axis, contiguous: boolean): ResizeSampling {
  if (contiguous && rows.times !== undefined && pixels.times !== undefined) {
    const repeats = rows.times * pixels.times;
    if (repeats <= MAXIMUM_REPEATS) return { kind: 'repeat', rows: rows.times, pixels: pixels.times };
  }
  return op.interpolation === 'linear'
    ? { kind: 'linear', mixesRows: rows.times !== 1 }
    : { kind: 'nearest' };
}

/** Resizing, in the layout of its operand: pixels in lanes where they are contiguous, else channels. */
export function lowerResize(context: LoweringContext, node: NodeOf<'resize'>): void {
  const { op } = node;
  const value = result(node);
  const given = context.view(operand(node, 0));
  const [rows, pixels] = axesOf(op, given.shape);
  if (rows.times === 1 && pixels.times === 1) {
    context.bind(value, given);
    return;
  }
  // Offsets in kernels count forward from an address.
  const source = forwardView(context, given);
  const inChannels = source.strides[1] === 1 && source.strides.at(-1) !== 1;
  const shape = context.shape(value);
  const [, , ...spatial] = shape.keys();
  const target = context.allocateFor(value, shape, inChannels ? [0, ...spatial, 1] : [...shape.keys()]);
  const from = planeOf(source);
  const to = planeOf(target);
  const sampling = samplingOf(op, rows, pixels, !inChannels && from.pixelStep === context.floats.bytes);
  const problem: ResizeProblem = {
    element: context.element,
    lanes: inChannels ? 'channels' : 'pixels',
    channels: shape[1] ?? 0,
    height: to.height,
    width: to.width,
    inputHeight: from.height,
    inputChannelStep: from.channelStep,
    inputRowStep: from.rowStep,
    outputChannelStep: to.channelStep,
    outputRowStep: to.rowStep,
    outputPixelStep: to.pixelStep,
    sampling,
    outputSlack: target.slack,
  };
  const mixesRows = sampling.kind === 'linear' && sampling.mixesRows;
  const usesScratch = mixesRows && !inChannels;
  const rowStep = usesScratch ? scratchRow(to.width) * elementSizes.f32 : from.rowStep;
  const tables = [
    ...(sampling.kind === 'nearest' || mixesRows ? [tableOf(rows, rowStep)] : []),
    ...(sampling.kind === 'repeat' ? [] : [tableOf(pixels, from.pixelStep)]),
  ].map((table) => ({ storage: context.image(table), offset: 0 }));
  const scratch = usesScratch ? [context.allocate([resizeScratch(problem)], 'f32')] : [];
  for (let item = 0; item < (shape[0] ?? 0); item++) {
    const buffers = [itemView(source, item), ...tables, ...scratch, itemView(target, item)];
    context.call(resize, problem, buffers, { path: 'resize' });
  }
  context.bind(value, target);
}
