import type { Activation } from '@grim/ir';

import { integer, multiply, multiplyAdd } from '../kernel-ir/expressions.ts';
import { KernelBuilder } from '../kernel-ir/kernel-builder.ts';
import type { ElementType, Expression } from '../kernel-ir/types.ts';
import { emitActivation } from '../math/activation.ts';
import { hasManyRegisters } from '../target.ts';
import type { KernelFamily, SharedLoops } from './family.ts';
import { constantOf, floatsOf, hasHalves, splatElement } from './floats.ts';
import { activationName, kernelName } from './kernel-name.ts';
import { pixelLoader } from './pixels/pixel-loader.ts';
import {
  forPixelTiles,
  storeTileVector,
  type PixelGrid,
  type PixelTile,
  type PixelTiling,
} from './pixels/pixel-tiles.ts';
import type { ScheduleDescription } from './schedule-description.ts';

/**
 * One filter per channel over a padded image, channels first, pixels in vector lanes:
 * `y[c][oy][ox] = activation(b[c] + Σ_(ky,kx) w[c][ky][kx] · x[c][oy·stride + ky·dilation][ox·stride + kx·dilation])`.
 */
export interface Depthwise2dProblem extends PixelGrid {
  /** Floats in memory; 32 bits wide unless told otherwise. */
  readonly element?: ElementType;
  readonly channels: number;
  /** Bytes between two channels of the input. */
  readonly inputChannelStep: number;
  /** Bytes between two channels of the output. */
  readonly outputChannelStep: number;
  readonly kernelHeight: number;
  readonly kernelWidth: number;
  /** Bytes between two rows of taps in the input. */
  readonly tapRowStep: number;
  /** Bytes between two neighbouring taps in the input. */
  readonly tapPixelStep: number;
  readonly bias: boolean;
  readonly activation?: Activation;
}

/** Rows and vectors of pixels that are computed together: rows share the inputs that their windows have in common. */
export type Depthwise2dSchedule = PixelTiling;

/** Most accumulators a schedule may ask for: x86-64 has 16 vector registers and some must hold operands. */
const MAXIMUM_ACCUMULATORS = 8;

/** Most taps of a filter: they are written out one by one, and their weights wait in registers or on the stack. */
export const MAXIMUM_DEPTHWISE_TAPS = 128;

/** For each row of the input, as an offset, the rows of a tile that read it and the rows of taps they do it with. */
function sharedRows(
  problem: Depthwise2dProblem,
  rows: number,
): Map<number, { readonly row: number; readonly ky: number }[]> {
  const readers = new Map<number, { row: number; ky: number }[]>();
  for (let ky = 0; ky < problem.kernelHeight; ky++) {
    for (let row = 0; row < rows; row++) {
      const offset = row * problem.inputRowStep + ky * problem.tapRowStep;
      readers.set(offset, [...(readers.get(offset) ?? []), { row, ky }]);
    }
  }
  return readers;
}

function emitTile(
  builder: KernelBuilder,
  problem: Depthwise2dProblem,
  tile: PixelTile,
  channel: { readonly start: Expression; readonly weights: readonly Expression[] },
): void {
  const { kernelWidth, tapPixelStep, inputPixelStep } = problem;
  const floats = floatsOf(problem.element);
  const loadPixels = pixelLoader(builder, floats, problem, tile);
  const vectors = Math.ceil(tile.pixels / floats.lanes);
  const sums = Array.from({ length: tile.rows }, () =>
    Array.from({ length: vectors }, () => builder.variable('sum', channel.start)),
  );
  const readers = sharedRows(problem, tile.rows);
  for (const [rowOffset, uses] of readers) {
    for (let kx = 0; kx < kernelWidth; kx++) {
      for (let vector = 0; vector < vectors; vector++) {
        const pixelOffset = kx * tapPixelStep + vector * floats.lanes * inputPixelStep;
        const x = builder.declare('x', loadPixels(rowOffset, pixelOffset));
        for (const { row, ky } of uses) {
          const sum = sums[row]?.[vector];
          const w = channel.weights[ky * kernelWidth + kx];
          if (sum && w) builder.assign(sum, multiplyAdd(w, x, sum));
        }
      }
    }
  }
  sums.forEach((perVector, row) => {
    perVector.forEach((sum, vector) => {
      const value = emitActivation(builder, problem.activation, sum);
      storeTileVector(builder, floats, problem, tile, { row, vector }, value);
    });
  });
}

function lower(
  problem: Depthwise2dProblem,
  schedule: Depthwise2dSchedule,
): ReturnType<KernelBuilder['build']> {
  const builder = new KernelBuilder();
  builder.buffer('input', 'read');
  builder.buffer('weights', 'read');
  if (problem.bias) builder.buffer('bias', 'read');
  builder.buffer('output', 'write');
  const taps = problem.kernelHeight * problem.kernelWidth;
  const floats = floatsOf(problem.element);
  const { bytes, lanes } = floats;
  builder.loop('channel', { to: problem.channels }, (index) => {
    const filter = builder.declare('filter', multiply(index, integer(taps * bytes)));
    const weights = Array.from({ length: taps }, (_, tap) =>
      builder.declare('w', splatElement(floats, 'weights', filter, tap * bytes)),
    );
    const start = problem.bias
      ? builder.declare('b', splatElement(floats, 'bias', multiply(index, integer(bytes))))
      : constantOf(floats, 0);
    const origin = {
      source: builder.declare('plane', multiply(index, integer(problem.inputChannelStep))),
      target: builder.declare('targetPlane', multiply(index, integer(problem.outputChannelStep))),
    };
    forPixelTiles(builder, floats, problem, schedule, origin, (tile) => {
      emitTile(builder, problem, tile, { start, weights });
    });
  });
  const filter = `${String(problem.kernelHeight)}x${String(problem.kernelWidth)}`;
  const pixels = `${String(problem.height)}x${String(problem.width)}`;
  const name = kernelName('depthwise2d', {
    f16: hasHalves(problem),
    c: problem.channels,
    o: pixels,
    k: filter,
    tap: [problem.tapRowStep, problem.tapPixelStep].join('.'),
    in: [problem.inputChannelStep, problem.inputRowStep, problem.inputPixelStep].join('.'),
    out: [problem.outputChannelStep, problem.outputRowStep].join('.'),
    bias: problem.bias,
    act: activationName(problem.activation),
    t: `${String(schedule.tileRows)}x${String(schedule.pixelVectors)}`,
  });
  return builder.build(
    name,
    `${String(problem.channels)} channels × ${pixels} pixels, ${filter} filters: ${String(schedule.tileRows)} rows × ${String(schedule.pixelVectors * lanes)} pixels`,
  );
}

function refuse(
  { kernelHeight, kernelWidth }: Depthwise2dProblem,
  { tileRows, pixelVectors }: Depthwise2dSchedule,
): string | undefined {
  const taps = kernelHeight * kernelWidth;
  if (taps > MAXIMUM_DEPTHWISE_TAPS)
    return `filters of ${String(taps)} taps, more than ${String(MAXIMUM_DEPTHWISE_TAPS)}, are too much code`;
  const accumulators = tileRows * pixelVectors;
  return accumulators > MAXIMUM_ACCUMULATORS
    ? `${String(tileRows)} rows × ${String(pixelVectors)} vectors need ${String(accumulators)} accumulators, more than ${String(MAXIMUM_ACCUMULATORS)}`
    : undefined;
}

/** The choices of `depthwise2d`. */
export const depthwise2dChoices: ScheduleDescription<Depthwise2dSchedule> = {
  tileRows: {
    values: [1, 2, 4],
    means: 'rows of pixels that share the inputs of their windows',
    byDefault: '2, or 4 where there are 32 registers; no more than there are rows',
  },
  pixelVectors: { values: [1, 2, 4], means: 'vectors of pixels of a tile', byDefault: '1' },
};

function sharedLoops(
  problem: Depthwise2dProblem,
  { tileRows, pixelVectors }: Depthwise2dSchedule,
): SharedLoops<Depthwise2dProblem> {
  const { bytes, lanes } = floatsOf(problem.element);
  return {
    loops: [
      {
        // Where in a tile a row lies decides in which order its taps are added.
        name: 'row of pixels',
        turns: problem.height,
        multiple: tileRows,
        steps: { input: problem.inputRowStep, output: problem.outputRowStep },
      },
      {
        name: 'channel',
        turns: problem.channels,
        multiple: 1,
        steps: {
          input: problem.inputChannelStep,
          weights: problem.kernelHeight * problem.kernelWidth * bytes,
          bias: bytes,
          output: problem.outputChannelStep,
        },
      },
      {
        name: 'pixel',
        turns: problem.width,
        multiple: lanes * pixelVectors,
        steps: { input: problem.inputPixelStep, output: bytes },
        onlyItems: true,
      },
    ],
    part: ([height = problem.height, channels = problem.channels, width = problem.width]) => ({
      ...problem,
      height,
      channels,
      width,
    }),
    reads: {
      input:
        (problem.channels - 1) * problem.inputChannelStep +
        (problem.height - 1) * problem.inputRowStep +
        (problem.kernelHeight - 1) * problem.tapRowStep +
        (problem.width - 1) * problem.inputPixelStep +
        (problem.kernelWidth - 1) * problem.tapPixelStep +
        bytes,
      weights: problem.channels * problem.kernelHeight * problem.kernelWidth * bytes,
      bias: problem.channels * bytes,
    },
  };
}

/** Depthwise convolution of images, channels first. */
export const depthwise2d: KernelFamily<Depthwise2dProblem, Depthwise2dSchedule> = {
  name: 'depthwise2d',
  defaultSchedule: ({ height }, target) => ({
    tileRows: height >= 4 && hasManyRegisters(target) ? 4 : height >= 2 ? 2 : 1,
    pixelVectors: 1,
  }),
  refuse,
  sharedLoops,
  lower,
};
