import { evaluateActivation } from '@grim/ir';

import { depthwise } from '../families/depthwise.ts';
import { foldWindows } from '../families/fold-windows.ts';
import {
  lowered,
  randomFloats,
  unwritten,
  type KernelBenchmark,
  type KernelCase,
  type RandomElements,
} from './kernel-case.ts';

const relu = { function: 'relu' } as const;

interface DepthwiseShape {
  readonly channels: number;
  readonly positions: number;
  readonly taps: number;
  /** Floats from one position to the next. */
  readonly step: number;
}

/** The plain definition; weights lie as `[tap][channel]`, in whole vectors of channels. */
function plainDepthwise(
  { channels, positions, taps, step }: DepthwiseShape,
  input: Float32Array,
  weights: Float32Array,
  bias: Float32Array,
): { output: Float32Array } {
  const tapWeights = weights.length / taps;
  const output = new Float32Array(step * positions).fill(NaN);
  for (let position = 0; position < positions; position++) {
    for (let channel = 0; channel < channels; channel++) {
      let sum = bias[channel] ?? 0;
      for (let tap = 0; tap < taps; tap++) {
        sum += (weights[tap * tapWeights + channel] ?? 0) * (input[(position + tap) * step + channel] ?? 0);
      }
      output[position * step + channel] = evaluateActivation(relu, sum);
    }
  }
  return { output };
}

function depthwiseCase(
  channels: number,
  positions: number,
  taps: number,
  slack: number,
  random: RandomElements,
): KernelBenchmark {
  const step = channels + slack;
  const { bytes, lanes } = random.floats;
  const stored = Math.ceil(channels / lanes) * lanes;
  const input = randomFloats(step * (positions + taps - 1), random);
  const weights = randomFloats(taps * stored, random);
  const bias = randomFloats(stored, random);
  const plain = (): { output: Float32Array } =>
    plainDepthwise({ channels, positions, taps, step }, input, weights, bias);
  const problem = {
    element: random.element,
    channels,
    positions,
    taps,
    tapStep: step * bytes,
    inputStep: step * bytes,
    outputStep: step * bytes,
    bias: true,
    outputSlack: slack,
    activation: relu,
  };
  return {
    name: `${String(channels)} channels, ${String(positions)} positions, ${String(taps)} taps`,
    ...lowered(depthwise, problem),
    buffers: { input, weights, bias, output: unwritten(step * positions) },
    expected: plain(),
    plain,
    usefulOperations: 2 * taps * channels * positions,
  };
}

/** Channel counts around a vector, few and many taps. */
export function* depthwiseCases(random: RandomElements): Iterable<KernelCase> {
  for (const channels of [1, 3, 4, 5, 8, 11]) {
    for (const taps of [1, 3, 11]) yield depthwiseCase(channels, 5, taps, 0, random);
    yield depthwiseCase(channels, 1, 2, (4 - (channels % 4)) % 4, random);
  }
}

/** Sequences as networks for speech have them. */
export function* depthwiseBenchmarks(random: RandomElements): Iterable<KernelBenchmark> {
  yield depthwiseCase(256, 100, 5, 0, random);
  yield depthwiseCase(512, 100, 15, 0, random);
}

/** The plain definition: sums and differences of what lies symmetrically around the middle of a window. */
function plainFold(
  size: number,
  positions: number,
  stride: number,
  input: Float32Array,
): { even: Float32Array; odd: Float32Array } {
  const middle = size / 2;
  const even = new Float32Array(positions * (middle + 1));
  const odd = new Float32Array(positions * (middle - 1));
  for (let position = 0; position < positions; position++) {
    const first = position * stride;
    for (let k = 0; k <= middle; k++) {
      const alone = k === 0 || k === middle;
      const left = input[first + k] ?? 0;
      const right = alone ? 0 : (input[first + size - k] ?? 0);
      even[position * (middle + 1) + k] = left + right;
      if (!alone) odd[position * (middle - 1) + k - 1] = left - right;
    }
  }
  return { even, odd };
}

function foldCase(size: number, positions: number, stride: number, random: RandomElements): KernelBenchmark {
  const middle = size / 2;
  const input = randomFloats((positions - 1) * stride + size, random);
  const plain = (): { even: Float32Array; odd: Float32Array } => plainFold(size, positions, stride, input);
  const expected = plain();
  const { bytes } = random.floats;
  const problem = {
    element: random.element,
    size,
    positions,
    inputStep: stride * bytes,
    evenStep: (middle + 1) * bytes,
    oddStep: (middle - 1) * bytes,
  };
  return {
    name: `${String(positions)} windows of ${String(size)} every ${String(stride)}`,
    ...lowered(foldWindows, problem),
    buffers: {
      input,
      even: unwritten(expected.even.length),
      odd: unwritten(expected.odd.length),
    },
    expected,
    plain,
    usefulOperations: positions * 2 * (middle - 1),
  };
}

/** Window sizes around what a vector of mirrored pairs needs. */
export function* foldWindowsCases(random: RandomElements): Iterable<KernelCase> {
  for (const size of [4, 6, 8, 10, 12, 16, 18, 34]) {
    yield foldCase(size, 1, size, random);
    yield foldCase(size, 3, Math.max(1, size / 2), random);
  }
}

/** A second of speech in windows of a filter bank. */
export function* foldWindowsBenchmarks(random: RandomElements): Iterable<KernelBenchmark> {
  yield foldCase(256, 125, 128, random);
  yield foldCase(512, 100, 160, random);
}
