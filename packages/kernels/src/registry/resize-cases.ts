import { resize } from '../families/resize/resize.ts';
import {
  resizeEntry,
  resizeScratch,
  scratchRow,
  type ResizeProblem,
  type ResizeSampling,
} from '../families/resize/resize-problem.ts';
import {
  lowered,
  randomFloats,
  unwritten,
  type KernelBenchmark,
  type KernelCase,
  type RandomElements,
} from './kernel-case.ts';

interface Choice {
  readonly lanes: ResizeProblem['lanes'];
  readonly channels: number;
  readonly input: readonly [height: number, width: number];
  readonly output: readonly [height: number, width: number];
  readonly sampling: ResizeSampling;
  readonly slack: number;
}

/** An element, and how another one is mixed into it: in any way, since a kernel does what its tables say. */
interface Entry {
  readonly lower: number;
  readonly mix?: { readonly upper: number; readonly lowerShare: number; readonly upperShare: number };
}

function anyEntries(length: number, extent: number, random?: RandomElements): Entry[] {
  return Array.from({ length }, (_, index) => ({
    lower: (5 * index + 2) % extent,
    ...(random && {
      mix: {
        upper: (3 * index + 1) % extent,
        lowerShare: random(),
        upperShare: random(),
      },
    }),
  }));
}

function repeatedEntries(length: number, times: number): Entry[] {
  return Array.from({ length }, (_, index) => ({ lower: Math.floor(index / times) }));
}

function tableOf(entries: readonly Entry[], step: number): Int32Array {
  const table = new DataView(new ArrayBuffer(entries.length * resizeEntry.bytes));
  entries.forEach(({ lower, mix }, index) => {
    const at = index * resizeEntry.bytes;
    table.setInt32(at + resizeEntry.lower, lower * step, true);
    table.setInt32(at + resizeEntry.upper, (mix?.upper ?? lower) * step, true);
    table.setFloat32(at + resizeEntry.lowerShare, mix?.lowerShare ?? 0.5, true);
    table.setFloat32(at + resizeEntry.upperShare, mix?.upperShare ?? 0.5, true);
  });
  return new Int32Array(table.buffer);
}

/** Elements from one channel, row or pixel to the next. */
interface Steps {
  readonly channel: number;
  readonly row: number;
  readonly pixel: number;
}

function stepsOf(lanes: Choice['lanes'], channels: number, height: number, width: number): Steps {
  return lanes === 'channels'
    ? { channel: 1, row: width * channels, pixel: channels }
    : { channel: height * width, row: width, pixel: 1 };
}

/** One element along a row of the input, or a mixture of two. */
function alongRow(values: Float32Array, first: number, step: number, { lower, mix }: Entry): number {
  const value = values[first + lower * step] ?? 0;
  if (!mix) return value;
  return mix.lowerShare * value + mix.upperShare * (values[first + mix.upper * step] ?? 0);
}

/** Resamples by the plain meaning of the tables. */
function resample(
  values: Float32Array,
  output: Float32Array,
  channels: number,
  [rows, pixels]: readonly [readonly Entry[], readonly Entry[]],
  [from, to]: readonly [Steps, Steps],
): void {
  for (let channel = 0; channel < channels; channel++) {
    for (const [y, { lower, mix }] of rows.entries()) {
      const lowerRow = channel * from.channel + lower * from.row;
      const target = channel * to.channel + y * to.row;
      for (let x = 0; x < pixels.length; x++) {
        const pixel = pixels[x];
        if (!pixel) continue;
        let value = alongRow(values, lowerRow, from.pixel, pixel);
        if (mix) {
          const upperRow = channel * from.channel + mix.upper * from.row;
          const upper = alongRow(values, upperRow, from.pixel, pixel);
          value = mix.lowerShare * value + mix.upperShare * upper;
        }
        output[target + x * to.pixel] = value;
      }
    }
  }
}

/** Rows and pixels of the output in terms of those of the input. */
function entriesOf(
  { input, output, sampling }: Choice,
  random: RandomElements,
): readonly [rows: readonly Entry[], pixels: readonly Entry[]] {
  const [inputHeight, inputWidth] = input;
  const [height, width] = output;
  switch (sampling.kind) {
    case 'repeat':
      return [repeatedEntries(height, sampling.rows), repeatedEntries(width, sampling.pixels)];
    case 'nearest':
      return [anyEntries(height, inputHeight), anyEntries(width, inputWidth)];
    case 'linear':
      return [
        sampling.mixesRows ? anyEntries(height, inputHeight, random) : repeatedEntries(height, 1),
        anyEntries(width, inputWidth, random),
      ];
  }
}

function caseOf(choice: Choice, random: RandomElements): KernelBenchmark {
  const { lanes, channels, input, output, sampling, slack } = choice;
  const [inputHeight, inputWidth] = input;
  const [height, width] = output;
  const inChannels = lanes === 'channels';
  const outputChannels = channels + (inChannels ? slack : 0);
  const from = stepsOf(lanes, channels, inputHeight, inputWidth);
  const to = stepsOf(lanes, outputChannels, height, width);
  const { bytes } = random.floats;
  const problem: ResizeProblem = {
    lanes,
    channels,
    height,
    width,
    inputHeight,
    inputChannelStep: from.channel * bytes,
    inputRowStep: from.row * bytes,
    outputChannelStep: to.channel * bytes,
    outputRowStep: to.row * bytes,
    outputPixelStep: to.pixel * bytes,
    sampling,
    outputSlack: slack,
    element: random.element,
  };
  const mixesRows = sampling.kind === 'linear' && sampling.mixesRows;
  const usesScratch = mixesRows && !inChannels;
  const [rows, pixels] = entriesOf(choice, random);
  const values = randomFloats(channels * inputHeight * inputWidth, random);
  const length = outputChannels * height * width;
  // 32-bit floats whatever the elements are, as their bits.
  const scratch = new Int32Array(usesScratch ? resizeScratch(problem) : 0);
  const plain = (): Record<string, Float32Array> => {
    const result = inChannels && slack > 0 ? new Float32Array(length).fill(NaN) : unwritten(length);
    resample(values, result, channels, [rows, pixels], [from, to]);
    return {
      output: result,
      ...(usesScratch ? { scratch: new Float32Array(scratch.length).fill(NaN) } : {}),
    };
  };
  const rowStep = usesScratch ? scratchRow(width) * 4 : from.row * bytes;
  const mixtures = sampling.kind === 'linear' ? height * width + (mixesRows ? inputHeight * width : 0) : 0;
  return {
    name:
      `${JSON.stringify(sampling)}, ${lanes} in lanes: ${String(channels)} × ` +
      `${input.join('×')} to ${output.join('×')}`,
    ...lowered(resize, problem),
    buffers: {
      input: values,
      output: unwritten(length),
      ...(sampling.kind === 'nearest' || mixesRows ? { rows: tableOf(rows, rowStep) } : {}),
      ...(sampling.kind === 'repeat' ? {} : { pixels: tableOf(pixels, from.pixel * bytes) }),
      ...(usesScratch ? { scratch } : {}),
    },
    expected: plain(),
    plain,
    // A product, and one that is added.
    usefulOperations: 3 * channels * mixtures,
  };
}

/** Widths and channel counts around a vector, repeats around it, larger and smaller outputs, with and without slack. */
export function* resizeCases(random: RandomElements): Iterable<KernelCase> {
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

/** Maps of features at twice their size, as decoders and pyramids of features need them, and a sequence. */
export function* resizeBenchmarks(random: RandomElements): Iterable<KernelBenchmark> {
  const image = { lanes: 'pixels', slack: 0, channels: 64, input: [28, 28], output: [56, 56] } as const;
  yield caseOf({ ...image, sampling: { kind: 'repeat', rows: 2, pixels: 2 } }, random);
  yield caseOf({ ...image, sampling: { kind: 'linear', mixesRows: true } }, random);
  yield caseOf(
    {
      lanes: 'channels',
      slack: 0,
      channels: 128,
      input: [1, 100],
      output: [1, 200],
      sampling: { kind: 'linear', mixesRows: false },
    },
    random,
  );
}
