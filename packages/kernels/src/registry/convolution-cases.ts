import { evaluateActivation } from '@grim/ir';

import { depthwise } from '../families/depthwise.ts';
import { lowerKernel } from '../families/family.ts';
import { foldWindows } from '../families/fold-windows.ts';
import { randomFloats, unwritten, type KernelCase } from './kernel-case.ts';

function depthwiseCase(
  channels: number,
  positions: number,
  taps: number,
  slack: number,
  random: () => number,
): KernelCase {
  const step = channels + slack;
  const vectors = Math.ceil(channels / 4);
  const input = randomFloats(step * (positions + taps - 1), random);
  const weights = randomFloats(taps * vectors * 4, random);
  const bias = randomFloats(vectors * 4, random);
  const output = unwritten(step * positions);
  const expected = output.slice();
  for (let position = 0; position < positions; position++) {
    for (let channel = 0; channel < step; channel++) {
      let sum = bias[channel] ?? 0;
      for (let tap = 0; tap < taps; tap++) {
        sum += (weights[tap * vectors * 4 + channel] ?? 0) * (input[(position + tap) * step + channel] ?? 0);
      }
      expected[position * step + channel] =
        channel < channels ? evaluateActivation({ function: 'relu' }, sum) : NaN;
    }
  }
  const problem = {
    channels,
    positions,
    taps,
    tapStep: step * 4,
    inputStep: step * 4,
    outputStep: step * 4,
    bias: true,
    outputSlack: slack,
    activation: { function: 'relu' },
  } as const;
  return {
    name: `${String(channels)} channels, ${String(positions)} positions, ${String(taps)} taps`,
    kernel: lowerKernel(depthwise, problem),
    buffers: { input, weights, bias, output },
    expected: { output: expected },
  };
}

/** Channel counts around a vector, few and many taps. */
export function* depthwiseCases(random: () => number): Iterable<KernelCase> {
  for (const channels of [1, 3, 4, 5, 8, 11]) {
    for (const taps of [1, 3, 11]) yield depthwiseCase(channels, 5, taps, 0, random);
    yield depthwiseCase(channels, 1, 2, (4 - (channels % 4)) % 4, random);
  }
}

function foldCase(size: number, positions: number, stride: number, random: () => number): KernelCase {
  const middle = size / 2;
  const input = randomFloats((positions - 1) * stride + size, random);
  const even = new Float32Array(positions * (middle + 1));
  const odd = new Float32Array(positions * (middle - 1));
  for (let position = 0; position < positions; position++) {
    const x = (k: number): number => input[position * stride + k] ?? 0;
    for (let k = 0; k <= middle; k++) {
      const alone = k === 0 || k === middle;
      even[position * (middle + 1) + k] = alone ? x(k) : x(k) + x(size - k);
      if (!alone) odd[position * (middle - 1) + k - 1] = x(k) - x(size - k);
    }
  }
  const problem = {
    size,
    positions,
    inputStep: stride * 4,
    evenStep: (middle + 1) * 4,
    oddStep: (middle - 1) * 4,
  };
  return {
    name: `${String(positions)} windows of ${String(size)} every ${String(stride)}`,
    kernel: lowerKernel(foldWindows, problem),
    buffers: { input, even: unwritten(even.length), odd: unwritten(odd.length) },
    expected: { even, odd },
  };
}

/** Window sizes around what a vector of mirrored pairs needs. */
export function* foldWindowsCases(random: () => number): Iterable<KernelCase> {
  for (const size of [4, 6, 8, 10, 12, 16, 18, 34]) {
    yield foldCase(size, 1, size, random);
    yield foldCase(size, 3, Math.max(1, size / 2), random);
  }
}
