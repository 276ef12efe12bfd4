import { add, divide, float, integer, maximum, multiply, subtract } from '../kernel-ir/expressions.ts';
import { KernelBuilder } from '../kernel-ir/kernel-builder.ts';
import type { ElementType, Expression } from '../kernel-ir/types.ts';
import { exponential } from '../math/exponential.ts';
import type { KernelFamily, SharedLoops } from './family.ts';
import { hasHalves, loadVector, splatElement, wideFloatsOf, type Floats } from './floats.ts';
import { kernelName } from './kernel-name.ts';
import { collapseLoops, emitLoopNest, sharedLoopsOf, type LoopNest } from './loop-nest.ts';
import { foldRow, loadOfRow, walkRow } from './row-walk.ts';
import { slackName, storableLanes, storeLanes } from './store-lanes.ts';

/** `output[kept, i] = exp(x[kept, i] − max x[kept]) / Σ_j exp(x[kept, j] − max x[kept])`; all NaN where one is NaN or +∞. */
export interface SoftmaxProblem {
  /** Floats in memory; 32 bits wide unless told otherwise. */
  readonly element?: ElementType;
  /** Extents of the other axes, outermost first in the order of the output's memory. */
  readonly kept: readonly number[];
  /** Elements between neighbours of the input along each of them. */
  readonly keptInputStrides: readonly number[];
  /** Elements between neighbours of the output along each of them. */
  readonly keptOutputStrides: readonly number[];
  /** Elements along the axis. */
  readonly extent: number;
  /** Elements between neighbours of the input along the axis. */
  readonly inputStride: number;
  /** Elements between neighbours of the output along the axis. */
  readonly outputStride: number;
  /** Floats after the innermost extent of the output that may be overwritten. */
  readonly outputSlack: number;
}

/** Lanes go to elements along the axis where those are contiguous, else to the innermost of the others. */
export type SoftmaxSchedule = Readonly<Record<string, never>>;

/** One softmax along contiguous elements. */
function emitRow(
  builder: KernelBuilder,
  floats: Floats,
  extent: number,
  target: Expression,
  source: Expression,
): void {
  const input = { buffer: 'input', floats, start: source, extent };
  const output = { buffer: 'output', floats, start: target, extent };
  const largest = foldRow(builder, input, float(-Infinity), maximum);
  const sum = foldRow(builder, input, float(0), add, (x, byte, lanes) => {
    const power = exponential(builder, subtract(x, largest));
    storeLanes(builder, 'output', add(target, byte), 0, power, lanes, floats);
    return power;
  });
  const factor = builder.declare('factor', divide(float(1), sum));
  walkRow(builder, extent, floats, (byte, lanes) => {
    const power = loadOfRow(output, byte, lanes);
    storeLanes(builder, 'output', add(target, byte), 0, multiply(power, factor), lanes, floats);
  });
}

/** `lanes` softmaxes side by side, along elements that lie apart. */
function emitColumns(
  builder: KernelBuilder,
  problem: SoftmaxProblem,
  target: Expression,
  source: Expression,
  lanes: number,
): void {
  const read = (buffer: string, start: Expression, index: Expression, stride: number): Expression => {
    const address = add(start, multiply(index, integer(stride * floats.bytes)));
    return (lanes > 1 ? loadVector : splatElement)(floats, buffer, address);
  };
  const { extent, inputStride, outputStride } = problem;
  const floats = wideFloatsOf(problem.element);
  const place = (index: Expression): Expression =>
    builder.declare('to', add(target, multiply(index, integer(outputStride * floats.bytes))));
  const largest = builder.variable('largest', float(-Infinity));
  builder.loop('element', { to: extent }, (index) => {
    builder.assign(largest, maximum(largest, read('input', source, index, inputStride)));
  });
  const sum = builder.variable('sum', float(0));
  builder.loop('element', { to: extent }, (index) => {
    const power = exponential(builder, subtract(read('input', source, index, inputStride), largest));
    builder.assign(sum, add(sum, power));
    storeLanes(builder, 'output', place(index), 0, power, lanes, floats);
  });
  const factor = builder.declare('factor', divide(float(1), sum));
  builder.loop('element', { to: extent }, (index) => {
    const power = read('output', target, index, outputStride);
    storeLanes(builder, 'output', place(index), 0, multiply(power, factor), lanes, floats);
  });
}

/** The loops over softmaxes, the output first among the operands, and how a softmax lies in lanes. */
function keptLoops(problem: SoftmaxProblem): { nest: LoopNest; alongAxis: boolean; sideBySide: boolean } {
  const nest = collapseLoops({
    extents: problem.kept,
    strides: [problem.keptOutputStrides, problem.keptInputStrides],
  });
  const alongAxis = problem.inputStride === 1 && problem.outputStride === 1;
  const sideBySide = !alongAxis && nest.strides.every((strides) => strides.at(-1) === 1);
  return { nest, alongAxis, sideBySide };
}

function sharedLoops(problem: SoftmaxProblem): SharedLoops<SoftmaxProblem> {
  const { nest, sideBySide } = keptLoops(problem);
  const [keptOutputStrides = [], keptInputStrides = []] = nest.strides;
  const { bytes: elementBytes, lanes } = wideFloatsOf(problem.element);
  const buffers = ['output', 'input'].map((name) => ({ name, elementBytes }));
  return sharedLoopsOf(nest, buffers, sideBySide ? lanes : 1, (kept) => ({
    ...problem,
    kept,
    keptOutputStrides,
    keptInputStrides,
    outputSlack: 0,
  }));
}

function lower(problem: SoftmaxProblem): ReturnType<KernelBuilder['build']> {
  const builder = new KernelBuilder();
  builder.buffer('input', 'read');
  builder.buffer('output', 'readwrite');
  const { extent } = problem;
  const floats = wideFloatsOf(problem.element);
  const { bytes, vectorBytes } = floats;
  const { nest: kept, alongAxis, sideBySide } = keptLoops(problem);
  const columns = kept.extents.at(-1) ?? 1;
  const walked = sideBySide
    ? { extents: kept.extents.slice(0, -1), strides: kept.strides.map((strides) => strides.slice(0, -1)) }
    : kept;
  const zeros = [integer(0), integer(0)];
  emitLoopNest(builder, walked, zeros, [bytes, bytes], ([target = integer(0), source = integer(0)]) => {
    if (alongAxis) {
      emitRow(builder, floats, extent, target, source);
      return;
    }
    if (!sideBySide) {
      emitColumns(builder, problem, target, source, 1);
      return;
    }
    const whole = columns - (columns % 4);
    builder.loop('column', { to: whole * bytes, step: vectorBytes }, (byte) => {
      emitColumns(builder, problem, add(target, byte), add(source, byte), 4);
    });
    const rest = columns - whole;
    if (rest === 0) return;
    const last = integer(whole * bytes);
    const lanes = storableLanes(rest, problem.outputSlack);
    emitColumns(builder, problem, add(target, last), add(source, last), lanes);
  });
  const name = kernelName('softmax', {
    f16: hasHalves(problem),
    e: extent,
    by: `${String(problem.outputStride)}.${String(problem.inputStride)}`,
    kept: kept.extents.join('x'),
    s: kept.strides.map((strides) => strides.join('.')).join('x'),
    slack: sideBySide ? slackName(problem.outputSlack, floats) : undefined,
  });
  return builder.build(
    name,
    `softmax of ${String(extent)} elements for each of ${kept.extents.join(' × ') || '1'}`,
  );
}

/** Softmax along one axis. */
export const softmax: KernelFamily<SoftmaxProblem, SoftmaxSchedule> = {
  name: 'softmax',
  defaultSchedule: () => ({}),
  refuse: (problem) =>
    problem.keptInputStrides.length !== problem.kept.length ||
    problem.keptOutputStrides.length !== problem.kept.length
      ? 'every extent needs a stride in the input and one in the output'
      : undefined,
  sharedLoops,
  lower,
};
