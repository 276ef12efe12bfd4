import { KernelBuilder } from '../../kernel-ir/kernel-builder.ts';
import type { KernelFamily } from '../family.ts';
import { kernelName } from '../kernel-name.ts';
import { lowerRepeatPixels } from './repeat-pixels.ts';
import { hasHalves, singleFloats } from '../floats.ts';
import { slackName } from '../store-lanes.ts';
import {
  resizeFloats,
  resizeScratch,
  type ResizeProblem,
  type ResizeSampling,
  type ResizeSchedule,
} from './resize-problem.ts';
import { lowerSampleChannels } from './sample-channels.ts';
import { lowerSamplePixels } from './sample-pixels.ts';
import { sharedLoops } from './shared-loops.ts';

/** Most stores that repeating a vector of pixels may take: they are written out one by one. */
export const MAXIMUM_REPEATS = 64;

const mixesRows = (sampling: ResizeSampling): boolean => sampling.kind === 'linear' && sampling.mixesRows;

function declareBuffers(builder: KernelBuilder, problem: ResizeProblem): void {
  const { lanes, sampling } = problem;
  builder.buffer('input', 'read');
  if (sampling.kind === 'nearest' || mixesRows(sampling)) builder.buffer('rows', 'read');
  if (sampling.kind !== 'repeat') builder.buffer('pixels', 'read');
  if (lanes === 'pixels' && mixesRows(sampling))
    builder.scratch('scratch', resizeScratch(problem) * singleFloats.bytes);
  builder.buffer('output', 'write');
}

function describe(sampling: ResizeSampling): string {
  if (sampling.kind === 'repeat') return `repeat${String(sampling.rows)}x${String(sampling.pixels)}`;
  return mixesRows(sampling) ? 'bilinear' : sampling.kind;
}

function lower(problem: ResizeProblem): ReturnType<KernelBuilder['build']> {
  const { lanes, sampling, channels, height, width } = problem;
  const builder = new KernelBuilder();
  declareBuffers(builder, problem);
  if (sampling.kind === 'repeat') lowerRepeatPixels(builder, problem, sampling);
  else if (lanes === 'pixels') lowerSamplePixels(builder, problem);
  else lowerSampleChannels(builder, problem);
  const inChannels = lanes === 'channels';
  const pixels = `${String(height)}x${String(width)}`;
  const name = kernelName('resize', {
    f16: hasHalves(problem),
    f: describe(sampling),
    lanes,
    c: channels,
    h: problem.inputHeight,
    o: pixels,
    in: [problem.inputChannelStep, problem.inputRowStep].join('.'),
    out: [problem.outputChannelStep, problem.outputRowStep, problem.outputPixelStep].join('.'),
    slack: inChannels ? slackName(problem.outputSlack, resizeFloats(problem)) : undefined,
  });
  return builder.build(
    name,
    `${describe(sampling)} to ${String(channels)} channels × ${pixels} pixels, ${lanes} in lanes`,
  );
}

function refuse(problem: ResizeProblem): string | undefined {
  const { lanes, sampling, inputHeight, height, width } = problem;
  const { bytes } = resizeFloats(problem);
  const contiguous =
    lanes === 'pixels'
      ? problem.outputPixelStep === bytes
      : problem.inputChannelStep === bytes && problem.outputChannelStep === bytes;
  if (!contiguous) return `${lanes} in lanes must lie next to each other`;
  if (sampling.kind === 'linear' && !sampling.mixesRows && inputHeight !== height) {
    return `${String(height)} rows cannot be made of ${String(inputHeight)} without mixing them`;
  }
  if (sampling.kind !== 'repeat') return undefined;
  const { rows, pixels } = sampling;
  if (lanes !== 'pixels') return 'only pixels in lanes can be repeated';
  if (height !== inputHeight * rows || width % pixels !== 0) {
    return `${String(height)}×${String(width)} pixels are not ${String(inputHeight)} rows repeated ${String(rows)}×${String(pixels)} times`;
  }
  return rows * pixels > MAXIMUM_REPEATS
    ? `${String(rows)}×${String(pixels)} repeats, more than ${String(MAXIMUM_REPEATS)}, are too much code`
    : undefined;
}

/** Resampling by the nearest element or linearly, in one or two dimensions. */
export const resize: KernelFamily<ResizeProblem, ResizeSchedule> = {
  name: 'resize',
  defaultSchedule: () => ({}),
  refuse,
  sharedLoops,
  lower,
};
