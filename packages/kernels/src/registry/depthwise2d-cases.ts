import { evaluateActivation } from '@grim/ir';

import { depthwise2d, type Depthwise2dProblem, type Depthwise2dSchedule } from '../families/depthwise2d.ts';
import {
  lowered,
  randomFloats,
  unwritten,
  type KernelBenchmark,
  type KernelCase,
  type RandomElements,
} from './kernel-case.ts';

interface Choice {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  readonly kernel: readonly [number, number];
  readonly stride: number;
  readonly dilation: number;
  readonly bias: boolean;
  readonly schedule?: Depthwise2dSchedule;
}

const relu = { function: 'relu' } as const;

/** The pixels that filters read: their padding counts as part of the input. */
function inputExtents({ height, width, kernel, stride, dilation }: Choice): {
  readonly inputHeight: number;
  readonly inputWidth: number;
} {
  return {
    inputHeight: (height - 1) * stride + (kernel[0] - 1) * dilation + 1,
    inputWidth: (width - 1) * stride + (kernel[1] - 1) * dilation + 1,
  };
}

/** The plain definition. */
function plainDepthwise2d(
  choice: Choice,
  input: Float32Array,
  weights: Float32Array,
  bias: Float32Array,
): { output: Float32Array } {
  const { channels, height, width, stride, dilation, bias: biased } = choice;
  const [kernelHeight, kernelWidth] = choice.kernel;
  const { inputHeight, inputWidth } = inputExtents(choice);
  const output = new Float32Array(channels * height * width);
  for (let channel = 0; channel < channels; channel++) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        let sum = biased ? (bias[channel] ?? 0) : 0;
        for (let ky = 0; ky < kernelHeight; ky++) {
          for (let kx = 0; kx < kernelWidth; kx++) {
            const row = channel * inputHeight + y * stride + ky * dilation;
            const weight = weights[(channel * kernelHeight + ky) * kernelWidth + kx] ?? 0;
            sum += weight * (input[row * inputWidth + x * stride + kx * dilation] ?? 0);
          }
        }
        output[(channel * height + y) * width + x] = evaluateActivation(relu, sum);
      }
    }
  }
  return { output };
}

function caseOf(choice: Choice, random: RandomElements): KernelBenchmark {
  const { channels, height, width, kernel, stride, dilation, bias: biased } = choice;
  const [kernelHeight, kernelWidth] = kernel;
  const { inputHeight, inputWidth } = inputExtents(choice);
  const { bytes } = random.floats;
  const problem: Depthwise2dProblem = {
    element: random.element,
    channels,
    height,
    width,
    inputChannelStep: inputHeight * inputWidth * bytes,
    inputRowStep: inputWidth * stride * bytes,
    inputPixelStep: stride * bytes,
    outputChannelStep: height * width * bytes,
    outputRowStep: width * bytes,
    kernelHeight,
    kernelWidth,
    tapRowStep: inputWidth * dilation * bytes,
    tapPixelStep: dilation * bytes,
    bias: biased,
    activation: relu,
  };
  const input = randomFloats(channels * inputHeight * inputWidth, random);
  const weights = randomFloats(channels * kernelHeight * kernelWidth, random);
  const bias = randomFloats(channels, random);
  const plain = (): { output: Float32Array } => plainDepthwise2d(choice, input, weights, bias);
  return {
    name:
      `${String(channels)} channels at ${String(height)}×${String(width)}, ${kernel.join('×')} filters, ` +
      `stride ${String(stride)}, dilation ${String(dilation)}`,
    ...lowered(depthwise2d, problem, choice.schedule),
    buffers: { input, weights, ...(biased ? { bias } : {}), output: unwritten(channels * height * width) },
    expected: plain(),
    plain,
    usefulOperations: 2 * kernelHeight * kernelWidth * channels * height * width,
  };
}

/** Widths and heights around every tile, filters, strides, dilations, all schedules. */
export function* depthwise2dCases(random: RandomElements): Iterable<KernelCase> {
  const base = {
    channels: 2,
    height: 3,
    width: 9,
    kernel: [3, 3],
    stride: 1,
    dilation: 1,
    bias: true,
  } as const;
  for (const stride of [1, 2, 3]) {
    for (const width of [1, 2, 3, 4, 5, 7, 8, 9, 16, 17]) yield caseOf({ ...base, stride, width }, random);
    for (const height of [1, 2, 4, 5]) yield caseOf({ ...base, stride, height }, random);
    for (const kernel of [
      [1, 1],
      [5, 5],
      [2, 4],
      [7, 1],
    ] as const) {
      yield caseOf({ ...base, stride, kernel, bias: false }, random);
      yield caseOf({ ...base, stride, kernel, dilation: 2 }, random);
    }
  }
  for (const tileRows of [1, 2, 4] as const) {
    for (const pixelVectors of [1, 2, 4] as const) {
      if (tileRows * pixelVectors > 8) continue;
      const schedule = { tileRows, pixelVectors };
      for (const stride of [1, 2]) {
        yield caseOf({ ...base, channels: 1, height: 6, width: 21, stride, schedule }, random);
      }
    }
  }
}

/** Layers of networks for phones. */
export function* depthwise2dBenchmarks(random: RandomElements): Iterable<KernelBenchmark> {
  const base = { channels: 144, height: 56, width: 56, kernel: [3, 3], dilation: 1, bias: true } as const;
  yield caseOf({ ...base, stride: 1 }, random);
  yield caseOf({ ...base, stride: 2, height: 28, width: 28 }, random);
  yield caseOf({ ...base, stride: 1, kernel: [5, 5], channels: 240, height: 28, width: 28 }, random);
}
