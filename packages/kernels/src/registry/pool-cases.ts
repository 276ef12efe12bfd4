import { pool, type PoolProblem, type PoolSchedule } from '../families/pool.ts';
import {
  lowered,
  randomFloats,
  unwritten,
  type KernelBenchmark,
  type KernelCase,
  type RandomElements,
} from './kernel-case.ts';

interface Choice {
  readonly lanes: PoolProblem['lanes'];
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  readonly kernel: readonly [number, number];
  readonly stride: number;
  readonly dilation: number;
  readonly slack: number;
  readonly function: PoolProblem['function'];
  readonly factor?: PoolProblem['factor'];
  readonly schedule?: PoolSchedule;
}

/** Elements from one channel, row and pixel to the next. */
type Steps = readonly [channel: number, row: number, pixel: number];

/** The layout of input and output. The input has just the pixels that windows read: their border counts as part of it. */
function stepsOf({ lanes, channels, height, width, kernel, stride, dilation, slack }: Choice): {
  readonly input: Steps;
  readonly output: Steps;
  readonly inputLength: number;
  readonly outputChannels: number;
} {
  const inputHeight = (height - 1) * stride + (kernel[0] - 1) * dilation + 1;
  const inputWidth = (width - 1) * stride + (kernel[1] - 1) * dilation + 1;
  const inputLength = channels * inputHeight * inputWidth;
  if (lanes === 'pixels') {
    return {
      input: [inputHeight * inputWidth, inputWidth, 1],
      output: [height * width, width, 1],
      inputLength,
      outputChannels: channels,
    };
  }
  const outputChannels = channels + slack;
  return {
    input: [1, inputWidth * channels, channels],
    output: [1, width * outputChannels, outputChannels],
    inputLength,
    outputChannels,
  };
}

/** The plain definition; with slack, what lies between results may be anything. */
function plainPool(choice: Choice, input: Float32Array, factors: Float32Array): { output: Float32Array } {
  const { channels, height, width, stride, dilation, factor, slack } = choice;
  const [kernelHeight, kernelWidth] = choice.kernel;
  const isMaximum = choice.function === 'max';
  const { input: from, output: to, outputChannels } = stepsOf(choice);
  const [inputChannel, inputRow, inputPixel] = from;
  const [outputChannel, outputRow, outputPixel] = to;
  const length = outputChannels * height * width;
  const output =
    slack > 0 && choice.lanes === 'channels' ? new Float32Array(length).fill(NaN) : unwritten(length);
  for (let channel = 0; channel < channels; channel++) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        let total = isMaximum ? -Infinity : 0;
        for (let ky = 0; ky < kernelHeight; ky++) {
          for (let kx = 0; kx < kernelWidth; kx++) {
            const row = (y * stride + ky * dilation) * inputRow;
            const pixel = (x * stride + kx * dilation) * inputPixel;
            const value = input[channel * inputChannel + row + pixel] ?? 0;
            total = isMaximum ? Math.max(total, value) : total + value;
          }
        }
        const share =
          factor === 'perPixel' ? (factors[y * width + x] ?? 0) : 1 / (kernelHeight * kernelWidth);
        output[channel * outputChannel + y * outputRow + x * outputPixel] = isMaximum ? total : total * share;
      }
    }
  }
  return { output };
}

function caseOf(choice: Choice, random: RandomElements): KernelBenchmark {
  const { lanes, channels, height, width, kernel, stride, dilation, slack, factor } = choice;
  const [kernelHeight, kernelWidth] = kernel;
  const { input: from, output: to, inputLength, outputChannels } = stepsOf(choice);
  const [inputChannel, inputRow, inputPixel] = from;
  const [outputChannel, outputRow, outputPixel] = to;
  const inChannels = lanes === 'channels';
  const { element } = random;
  const { bytes } = random.floats;
  const problem: PoolProblem = {
    element,
    function: choice.function,
    lanes,
    channels,
    height,
    width,
    kernelHeight,
    kernelWidth,
    inputChannelStep: inputChannel * bytes,
    inputRowStep: inputRow * stride * bytes,
    inputPixelStep: inputPixel * stride * bytes,
    outputChannelStep: outputChannel * bytes,
    outputRowStep: outputRow * bytes,
    outputPixelStep: outputPixel * bytes,
    tapRowStep: inputRow * dilation * bytes,
    tapPixelStep: inputPixel * dilation * bytes,
    ...(factor ? { factor } : {}),
    outputSlack: slack,
  };
  const input = randomFloats(inputLength, random);
  const factors = randomFloats(height * width, random);
  const length = outputChannels * height * width;
  const isMaximum = choice.function === 'max';
  const plain = (): { output: Float32Array } => plainPool(choice, input, factors);
  const whole = lowered(pool, problem, choice.schedule);
  return {
    name:
      `${choice.function} of ${kernel.join('×')}, stride ${String(stride)}, dilation ${String(dilation)}, ` +
      `${lanes} in lanes: ${String(channels)} × ${String(height)}×${String(width)}`,
    ...whole,
    // Channels are pooled a vector at a time, whatever the schedule.
    schedule: inChannels ? {} : whole.schedule,
    buffers: { input, output: unwritten(length), ...(factor === 'perPixel' ? { factor: factors } : {}) },
    expected: plain(),
    plain,
    usefulOperations: channels * height * width * (kernelHeight * kernelWidth + (isMaximum ? 0 : 1)),
  };
}

/** Widths and channel counts around a vector and a tile, strides, dilations, windows that are written out and looped over. */
export function* poolCases(random: RandomElements): Iterable<KernelCase> {
  const base = {
    lanes: 'pixels',
    channels: 3,
    height: 2,
    width: 9,
    kernel: [3, 3],
    stride: 1,
    dilation: 1,
    slack: 0,
    function: 'max',
  } as const;
  for (const stride of [1, 2, 3]) {
    for (const width of [1, 2, 3, 4, 5, 7, 8, 9, 12, 15, 16, 17]) {
      yield caseOf({ ...base, stride, width }, random);
      yield caseOf({ ...base, stride, width, function: 'average', factor: 'perPixel' }, random);
    }
  }
  for (const kernel of [
    [1, 1],
    [2, 2],
    [1, 5],
    [5, 5],
    [7, 6],
  ] as const) {
    for (const [width, stride] of [
      [1, 2],
      [3, 1],
      [9, 1],
      [9, 2],
    ] as const) {
      yield caseOf({ ...base, kernel, width, stride }, random);
      yield caseOf({ ...base, kernel, width, stride, function: 'average', factor: 'all' }, random);
    }
    yield caseOf({ ...base, kernel, lanes: 'channels', channels: 6 }, random);
  }
  for (const pixelVectors of [1, 2, 4] as const) {
    yield caseOf({ ...base, width: 23, schedule: { pixelVectors } }, random);
    yield caseOf({ ...base, width: 23, stride: 2, dilation: 2, schedule: { pixelVectors } }, random);
  }
  for (const channels of [1, 3, 4, 5, 8, 11]) {
    const last = { ...base, lanes: 'channels', channels, height: 1, kernel: [1, 3] } as const;
    yield caseOf({ ...last, stride: 2, slack: (4 - (channels % 4)) % 4 }, random);
    yield caseOf({ ...last, dilation: 2, function: 'average', factor: 'all' }, random);
    yield caseOf({ ...last, width: 1, function: 'average', factor: 'perPixel' }, random);
  }
}

/** Layers of networks for images, channels first, and a network for audio, channels last. */
export function* poolBenchmarks(random: RandomElements): Iterable<KernelBenchmark> {
  const base = { lanes: 'pixels', dilation: 1, slack: 0 } as const;
  const image = { ...base, channels: 64, height: 56, width: 56 } as const;
  yield caseOf({ ...image, kernel: [2, 2], stride: 2, function: 'max' }, random);
  yield caseOf({ ...image, kernel: [3, 3], stride: 2, function: 'max' }, random);
  yield caseOf({ ...image, kernel: [2, 2], stride: 2, function: 'average', factor: 'all' }, random);
  yield caseOf(
    {
      ...base,
      lanes: 'channels',
      channels: 128,
      height: 1,
      width: 100,
      kernel: [1, 3],
      stride: 2,
      function: 'max',
    },
    random,
  );
}
