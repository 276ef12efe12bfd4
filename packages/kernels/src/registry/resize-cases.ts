import { lowerKernel } from '../families/family.ts';
import { resize } from '../families/resize/resize.ts';
import {
  resizeEntry,
  resizeScratch,
  scratchRow,
  type ResizeProblem,
  type ResizeSampling,
} from '../families/resize/resize-problem.ts';
import { randomFloats, unwritten, type KernelCase } from './kernel-case.ts';

interface Choice {
  readonly lanes: ResizeProblem['lanes'];
  readonly channels: number;
  readonly input: readonly [height: number, width: number];
  readonly output: readonly [height: number, width: number];
  readonly sampling: ResizeSampling;
  readonly slack: number;
}

/** Two elements and their shares: any, since a kernel does what its tables say. */
interface Entry {
  readonly lower: number;
  readonly upper: number;
  readonly lowerShare: number;
  readonly upperShare: number;
}

function anyEntries(length: number, extent: number, random: () => number): Entry[] {
  return Array.from({ length }, (_, index) => ({
    lower: (5 * index + 2) % extent,
    upper: (3 * index + 1) % extent,
    lowerShare: Math.fround(random()),
    upperShare: Math.fround(random()),
  }));
}

function tableOf(entries: readonly Entry[], step: number): Int32Array {
  const table = new DataView(new ArrayBuffer(entries.length * resizeEntry.bytes));
  entries.forEach(({ lower, upper, lowerShare, upperShare }, index) => {
    const at = index * resizeEntry.bytes;
    table.setInt32(at + resizeEntry.lower, lower * step, true);
    table.setInt32(at + resizeEntry.upper, upper * step, true);
    table.setFloat32(at + resizeEntry.lowerShare, lowerShare, true);
    table.setFloat32(at + resizeEntry.upperShare, upperShare, true);
  });
  return new Int32Array(table.buffer);
}

/** Elements with their shares, by the plain meaning of a sampling along one axis. */
function sharesOf(entry: Entry, mixes: boolean): (readonly [index: number, share: number])[] {
  if (!mixes) return [[entry.lower, 1]];
  return [
    [entry.lower, entry.lowerShare],
    [entry.upper, entry.upperShare],
  ];
}

const alone = (lower: number): Entry => ({ lower, upper: lower, lowerShare: 1, upperShare: 0 });

function caseOf(
  { lanes, channels, input, output, sampling, slack }: Choice,
  random: () => number,
): KernelCase {
  const [inputHeight, inputWidth] = input;
  const [height, width] = output;
  const inChannels = lanes === 'channels';
  const outputChannels = channels + (inChannels ? slack : 0);
  const [inputChannel, inputRow, inputPixel] = inChannels
    ? [1, inputWidth * channels, channels]
    : [inputHeight * inputWidth, inputWidth, 1];
  const [outputChannel, outputRow, outputPixel] = inChannels
    ? [1, width * outputChannels, outputChannels]
    : [height * width, width, 1];
  const problem: ResizeProblem = {
    lanes,
    channels,
    height,
    width,
    inputHeight,
    inputChannelStep: inputChannel * 4,
    inputRowStep: inputRow * 4,
    outputChannelStep: outputChannel * 4,
    outputRowStep: outputRow * 4,
    outputPixelStep: outputPixel * 4,
    sampling,
    outputSlack: slack,
  };
  const mixesRows = sampling.kind === 'linear' && sampling.mixesRows;
  const isRepeat = sampling.kind === 'repeat';
  const sampled = sampling.kind === 'nearest' || mixesRows;
  const rows = isRepeat
    ? Array.from({ length: height }, (_, y) => alone(Math.floor(y / sampling.rows)))
    : sampled
      ? anyEntries(height, inputHeight, random)
      : Array.from({ length: height }, (_, y) => alone(y));
  const pixels = isRepeat
    ? Array.from({ length: width }, (_, x) => alone(Math.floor(x / sampling.pixels)))
    : anyEntries(width, inputWidth, random);
  const usesScratch = mixesRows && !inChannels;
  const values = randomFloats(channels * inputHeight * inputWidth, random);
  const contents = unwritten(outputChannels * height * width);
  const expected = inChannels && slack > 0 ? new Float32Array(contents.length).fill(NaN) : contents.slice();
  for (let channel = 0; channel < channels; channel++) {
    rows.forEach((row, y) => {
      pixels.forEach((pixel, x) => {
        let sum = 0;
        for (const [iy, down] of sharesOf(row, mixesRows)) {
          let along = 0;
          for (const [ix, across] of sharesOf(pixel, sampling.kind === 'linear')) {
            along += across * (values[channel * inputChannel + iy * inputRow + ix * inputPixel] ?? NaN);
          }
          sum += down * along;
        }
        expected[channel * outputChannel + y * outputRow + x * outputPixel] = sum;
      });
    });
  }
  const scratch = new Float32Array(usesScratch ? resizeScratch(problem) : 0);
  return {
    name:
      `${JSON.stringify(sampling)}, ${lanes} in lanes: ${String(channels)} × ` +
      `${input.join('×')} to ${output.join('×')}`,
    kernel: lowerKernel(resize, problem),
    buffers: {
      input: values,
      output: contents,
      ...(sampled ? { rows: tableOf(rows, usesScratch ? scratchRow(width) * 4 : inputRow * 4) } : {}),
      ...(isRepeat ? {} : { pixels: tableOf(pixels, inputPixel * 4) }),
      ...(usesScratch ? { scratch } : {}),
    },
    expected: {
      output: expected,
      ...(usesScratch ? { scratch: new Float32Array(scratch.length).fill(NaN) } : {}),
    },
  };
}

/** Widths and channel counts around a vector, repeats around it, larger and smaller outputs, with and without slack. */
export function* resizeCases(random: () => number): Iterable<KernelCase> {
  const nearest = { kind: 'nearest' } as const;
  const linear = { kind: 'linear', mixesRows: false } as const;
  const bilinear = { kind: 'linear', mixesRows: true } as const;
  const inPixels = { lanes: 'pixels', channels: 2, slack: 0 } as const;
  for (const width of [1, 2, 3, 4, 5, 8, 9]) {
    for (const [rows, pixels] of [
      [1, 2],
      [2, 2],
      [3, 1],
      [2, 3],
      [1, 4],
      [2, 5],
      [8, 8],
    ] as const) {
      const output = [2 * rows, width * pixels] as const;
      const sampling = { kind: 'repeat', rows, pixels } as const;
      yield caseOf({ ...inPixels, input: [2, width], output, sampling }, random);
    }
    for (const outputWidth of [1, 3, 4, 5, 7, 8, 13]) {
      const output = [3, outputWidth] as const;
      yield caseOf({ ...inPixels, input: [2, width], output, sampling: nearest }, random);
      yield caseOf({ ...inPixels, input: [3, width], output, sampling: linear }, random);
      yield caseOf({ ...inPixels, input: [2, width], output, sampling: bilinear }, random);
    }
  }
  for (const channels of [1, 3, 4, 5, 8, 11]) {
    for (const slack of [0, (4 - (channels % 4)) % 4]) {
      const inChannels = { lanes: 'channels', channels, slack, output: [3, 7] } as const;
      yield caseOf({ ...inChannels, input: [2, 5], sampling: nearest }, random);
      yield caseOf({ ...inChannels, input: [3, 9], sampling: linear }, random);
      yield caseOf({ ...inChannels, input: [2, 5], sampling: bilinear }, random);
      yield caseOf({ ...inChannels, input: [1, 4], output: [1, 1], sampling: linear }, random);
    }
  }
}
