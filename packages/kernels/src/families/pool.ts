import type { PoolFunction } from '@grim/ir';

import { add, integer, maximum, multiply } from '../kernel-ir/expressions.ts';
import { KernelBuilder, type Variable } from '../kernel-ir/kernel-builder.ts';
import type { ElementType, Expression } from '../kernel-ir/types.ts';
import type { KernelFamily, SharedLoop, SharedLoops } from './family.ts';
import {
  constantOf,
  floatsOf,
  hasHalves,
  loadApart,
  loadVector,
  splatElement,
  wideFloatsOf,
  type Floats,
} from './floats.ts';
import { kernelName } from './kernel-name.ts';
import { pixelLoader } from './pixels/pixel-loader.ts';
import { forPixelTiles, storeTileVector, type PixelGrid, type PixelTiling } from './pixels/pixel-tiles.ts';
import type { ScheduleDescription } from './schedule-description.ts';
import { slackName, storableLanes, storeLanes } from './store-lanes.ts';

/**
 * `y[c][oy][ox] = function over (ky, kx) of x[c][oy·stride + ky·dilation][ox·stride + kx·dilation]`, over an input whose
 * border is already there: −∞ around a maximum (or zeros, where nothing is negative), zeros around an average. NaN in a window
 * makes its result NaN, a maximum too.
 */
export interface PoolProblem extends PixelGrid {
  /** Floats in memory; 32 bits wide unless told otherwise. */
  readonly element?: ElementType;
  readonly function: PoolFunction;
  /** Whether lanes are neighbouring pixels of one channel, or neighbouring channels of one pixel. */
  readonly lanes: 'channels' | 'pixels';
  readonly channels: number;
  /** Bytes between two channels of the input; those of an element when channels are in lanes. */
  readonly inputChannelStep: number;
  /** Bytes between two channels of the output; those of an element when channels are in lanes. */
  readonly outputChannelStep: number;
  /** Bytes between two pixels of the output; those of an element when pixels are in lanes. */
  readonly outputPixelStep: number;
  readonly kernelHeight: number;
  readonly kernelWidth: number;
  /** Bytes between two rows of a window in the input. */
  readonly tapRowStep: number;
  /** Bytes between two neighbours of a window in the input. */
  readonly tapPixelStep: number;
  /** An average is the sum times a factor: one for all pixels, or one per pixel of a plane where the border does not count. */
  readonly factor?: 'all' | 'perPixel';
  /** Bytes between the factors of two rows of pixels; those of a whole row by default. */
  readonly factorRowStep?: number;
  /** Floats after the last channel of a pixel that may be overwritten; of use when channels are in lanes. */
  readonly outputSlack: number;
}

/** Vectors of pixels that are pooled together; rows are pooled one by one. */
export type PoolSchedule = Pick<PixelTiling, 'pixelVectors'>;

/** A maximum is exact in any floats, an average is a sum. */
const floatsFor = ({ function: name, element }: PoolProblem): Floats =>
  name === 'max' ? floatsOf(element) : wideFloatsOf(element);

const factorRowStep = (problem: PoolProblem): number =>
  problem.factorRowStep ?? problem.width * floatsFor(problem).bytes;

/** Windows with more elements than this are walked by loops instead of being written out. */
const UNROLLED_TAPS = 32;

const combine = { average: add, max: maximum } satisfies Record<
  PoolFunction,
  (a: Expression, b: Expression) => Expression
>;

const initial = { average: 0, max: -Infinity } satisfies Record<PoolFunction, number>;

/**
 * Takes the elements of a window into `sums`.
 *
 * @param near - Loads for a sum at a constant row and pixel offset.
 * @param far - Loads for a sum at a computed offset.
 */
function emitWindow(
  builder: KernelBuilder,
  problem: PoolProblem,
  sums: readonly Variable[],
  near: (sum: number, rowOffset: number, pixelOffset: number) => Expression,
  far: (sum: number, offset: Expression) => Expression,
): void {
  const { kernelHeight, kernelWidth, tapRowStep, tapPixelStep } = problem;
  const step = combine[problem.function];
  if (kernelHeight * kernelWidth > UNROLLED_TAPS) {
    builder.loop('tapRow', { to: kernelHeight }, (ky) => {
      builder.loop('tap', { to: kernelWidth }, (kx) => {
        const row = multiply(ky, integer(tapRowStep));
        const offset = builder.declare('tapOffset', add(row, multiply(kx, integer(tapPixelStep))));
        sums.forEach((sum, index) => {
          builder.assign(sum, step(sum, far(index, offset)));
        });
      });
    });
    return;
  }
  for (let ky = 0; ky < kernelHeight; ky++) {
    for (let kx = 0; kx < kernelWidth; kx++) {
      sums.forEach((sum, index) => {
        builder.assign(sum, step(sum, near(index, ky * tapRowStep, kx * tapPixelStep)));
      });
    }
  }
}

/** The result of a window; `perPixel` gives the factors of its lanes. */
function finish(problem: PoolProblem, sum: Expression, perPixel: () => Expression): Expression {
  if (problem.factor === undefined) return sum;
  return multiply(
    sum,
    problem.factor === 'perPixel'
      ? perPixel()
      : constantOf(floatsFor(problem), 1 / (problem.kernelHeight * problem.kernelWidth)),
  );
}

function lowerPixels(builder: KernelBuilder, problem: PoolProblem, schedule: PoolSchedule): void {
  const floats = floatsFor(problem);
  const { bytes, lanes, vectorBytes } = floats;
  builder.loop('channel', { to: problem.channels }, (channel) => {
    const origin = {
      source: builder.declare('plane', multiply(channel, integer(problem.inputChannelStep))),
      target: builder.declare('targetPlane', multiply(channel, integer(problem.outputChannelStep))),
    };
    forPixelTiles(builder, floats, problem, { ...schedule, tileRows: 1 }, origin, (tile) => {
      const step = problem.inputPixelStep;
      const loadPixels = pixelLoader(builder, floats, problem, tile);
      const sums = Array.from({ length: Math.ceil(tile.pixels / lanes) }, () =>
        builder.variable('sum', constantOf(floats, initial[problem.function])),
      );
      emitWindow(
        builder,
        problem,
        sums,
        (vector, rowOffset, pixelOffset) => loadPixels(rowOffset, pixelOffset + vector * lanes * step),
        (vector, offset) => {
          const address = add(tile.source, offset);
          if (tile.pixels === 1) return splatElement(floats, 'input', address);
          return loadApart(floats, 'input', address, vector * lanes * step, step);
        },
      );
      const pixel = add(multiply(tile.y, integer(factorRowStep(problem))), multiply(tile.x, integer(bytes)));
      sums.forEach((sum, vector) => {
        const value = finish(problem, sum, () => loadVector(floats, 'factor', pixel, vector * vectorBytes));
        storeTileVector(builder, floats, problem, tile, { row: 0, vector }, value);
      });
    });
  });
}

function lowerChannels(builder: KernelBuilder, problem: PoolProblem): void {
  const floats = floatsFor(problem);
  const { bytes, lanes: vectorLanes, vectorBytes } = floats;
  builder.loop('y', { to: problem.height }, (y) => {
    builder.loop('x', { to: problem.width }, (x) => {
      const source = builder.declare(
        'source',
        add(multiply(y, integer(problem.inputRowStep)), multiply(x, integer(problem.inputPixelStep))),
      );
      const target = builder.declare(
        'target',
        add(multiply(y, integer(problem.outputRowStep)), multiply(x, integer(problem.outputPixelStep))),
      );
      const pixel = add(multiply(y, integer(factorRowStep(problem))), multiply(x, integer(bytes)));
      const factor =
        problem.factor === 'perPixel'
          ? builder.declare('factorOfPixel', splatElement(floats, 'factor', pixel))
          : constantOf(floats, 1);
      const emit = (channelByte: Expression, lanes: number): void => {
        const address = builder.declare('at', add(source, channelByte));
        const sum = builder.variable('sum', constantOf(floats, initial[problem.function]));
        emitWindow(
          builder,
          problem,
          [sum],
          (_, rowOffset, pixelOffset) => loadVector(floats, 'input', address, rowOffset + pixelOffset),
          (_, offset) => loadVector(floats, 'input', add(address, offset)),
        );
        const value = finish(problem, sum, () => factor);
        const to = builder.declare('to', add(target, channelByte));
        storeLanes(builder, 'output', to, 0, value, lanes, floats);
      };
      const whole = problem.channels - (problem.channels % vectorLanes);
      builder.loop('channel', { to: whole * bytes, step: vectorBytes }, (byte) => {
        emit(byte, vectorLanes);
      });
      const rest = problem.channels - whole;
      if (rest > 0) emit(integer(whole * bytes), storableLanes(rest, problem.outputSlack, floats));
    });
  });
}

function lower(problem: PoolProblem, schedule: PoolSchedule): ReturnType<KernelBuilder['build']> {
  const builder = new KernelBuilder();
  builder.buffer('input', 'read');
  if (problem.factor === 'perPixel') builder.buffer('factor', 'read');
  builder.buffer('output', 'write');
  const inChannels = problem.lanes === 'channels';
  if (inChannels) lowerChannels(builder, problem);
  else lowerPixels(builder, problem, schedule);
  const window = `${String(problem.kernelHeight)}x${String(problem.kernelWidth)}`;
  const name = kernelName('pool', {
    f16: hasHalves(problem),
    f: problem.function,
    lanes: problem.lanes,
    c: problem.channels,
    o: `${String(problem.height)}x${String(problem.width)}`,
    k: window,
    tap: [problem.tapRowStep, problem.tapPixelStep].join('.'),
    in: [problem.inputChannelStep, problem.inputRowStep, problem.inputPixelStep].join('.'),
    out: [problem.outputChannelStep, problem.outputRowStep, problem.outputPixelStep].join('.'),
    by:
      problem.factorRowStep === undefined
        ? problem.factor
        : `${problem.factor ?? ''}${String(problem.factorRowStep)}`,
    slack: inChannels ? slackName(problem.outputSlack, floatsFor(problem)) : undefined,
    t: inChannels ? undefined : schedule.pixelVectors,
  });
  return builder.build(
    name,
    `${problem.function} of ${window} windows, ${String(problem.channels)} channels × ${String(problem.height)}×${String(problem.width)} pixels, ${problem.lanes} in lanes`,
  );
}

function refuse(problem: PoolProblem): string | undefined {
  const { bytes } = floatsFor(problem);
  const contiguous =
    problem.lanes === 'pixels'
      ? problem.outputPixelStep === bytes
      : problem.inputChannelStep === bytes && problem.outputChannelStep === bytes;
  if (!contiguous) return `${problem.lanes} in lanes must lie next to each other`;
  return (problem.factor === undefined) === (problem.function === 'average')
    ? `${problem.function} ${problem.factor === undefined ? 'needs a factor' : 'has no factor'}`
    : undefined;
}

function sharedLoops(problem: PoolProblem, { pixelVectors }: PoolSchedule): SharedLoops<PoolProblem> {
  const { channels, height, width } = problem;
  const { bytes, lanes } = floatsFor(problem);
  const rowStep = factorRowStep(problem);
  const inChannels = problem.lanes === 'channels';
  const rows: SharedLoop = {
    name: 'row of pixels',
    turns: height,
    multiple: 1,
    steps: { input: problem.inputRowStep, factor: rowStep, output: problem.outputRowStep },
  };
  const pixels: SharedLoop = {
    name: 'pixel',
    turns: width,
    multiple: inChannels ? 1 : lanes * pixelVectors,
    steps: { input: problem.inputPixelStep, factor: bytes, output: problem.outputPixelStep },
    // Threads share pixels only where there is nothing else.
    ...(inChannels && height === 1 ? {} : { onlyItems: true }),
  };
  const part = (turns: Pick<PoolProblem, 'height' | 'width' | 'channels'>): PoolProblem => ({
    ...problem,
    ...turns,
    outputSlack: 0,
    ...(turns.width < width && problem.factor === 'perPixel' ? { factorRowStep: rowStep } : {}),
  });
  if (inChannels) {
    return {
      loops: [rows, pixels],
      part: ([y = height, x = width]) => part({ height: y, width: x, channels }),
    };
  }
  const planes: SharedLoop = {
    name: 'channel',
    turns: channels,
    multiple: 1,
    steps: { input: problem.inputChannelStep, output: problem.outputChannelStep },
  };
  // Rows first, as convolutions are divided: every thread finds what it wrote.
  return {
    loops: [rows, planes, pixels],
    part: ([y = height, c = channels, x = width]) => part({ height: y, width: x, channels: c }),
  };
}

/** The choices of `pool`. */
export const poolChoices: ScheduleDescription<PoolSchedule> = {
  pixelVectors: {
    values: [1, 2, 4],
    means: 'vectors of pixels that are pooled together; no choice where channels are in lanes',
    byDefault: '2, or 1 below 8 pixels',
  },
};

/** Maximum and average of sliding windows. */
export const pool: KernelFamily<PoolProblem, PoolSchedule> = {
  name: 'pool',
  defaultSchedule: ({ width }) => ({ pixelVectors: width >= 8 ? 2 : 1 }),
  refuse,
  sharedLoops,
  lower,
};
