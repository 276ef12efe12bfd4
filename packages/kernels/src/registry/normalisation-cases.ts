import { lowerKernel } from '../families/family.ts';
import { layerNorm } from '../families/layer-norm.ts';
import { softmax, type SoftmaxProblem } from '../families/softmax.ts';
import { randomFloats, unwritten, type KernelCase } from './kernel-case.ts';

/** Rows × extent softmaxes with every element `rowStride` or `stride` from its neighbour, in input and output. */
function softmaxCase(
  rows: number,
  extent: number,
  strides: { readonly row: number; readonly element: number },
  slack: number,
  random: () => number,
): KernelCase {
  const { row: rowStride, element: stride } = strides;
  const problem: SoftmaxProblem = {
    kept: [rows],
    keptInputStrides: [rowStride],
    keptOutputStrides: [rowStride],
    extent,
    inputStride: stride,
    outputStride: stride,
    outputSlack: slack,
  };
  const length = (rows - 1) * rowStride + (extent - 1) * stride + 1 + slack;
  // Far enough apart that exponentials without the maximum taken off would overflow.
  const input = randomFloats(length, random).map((value) => value * 100);
  const output = unwritten(length);
  const expected = slack > 0 ? new Float32Array(length).fill(NaN) : output.slice();
  for (let row = 0; row < rows; row++) {
    const places = Array.from({ length: extent }, (_, index) => row * rowStride + index * stride);
    const values = places.map((place) => input[place] ?? 0);
    const largest = Math.max(...values);
    const sum = values.reduce((total, value) => total + Math.exp(value - largest), 0);
    places.forEach((place, index) => (expected[place] = Math.exp((values[index] ?? 0) - largest) / sum));
  }
  return {
    name: `${String(rows)} rows of ${String(extent)}, ${String(stride)} apart`,
    kernel: lowerKernel(softmax, problem),
    buffers: { input, output },
    expected: { output: expected },
  };
}

/** Extents around a vector, along contiguous elements, side by side, and neither. */
export function* softmaxCases(random: () => number): Iterable<KernelCase> {
  for (const extent of [1, 2, 3, 4, 5, 7, 8, 9, 17]) {
    yield softmaxCase(3, extent, { row: extent, element: 1 }, 0, random);
    yield softmaxCase(extent, 3, { row: 1, element: extent }, 0, random);
    yield softmaxCase(extent, 4, { row: 2, element: 2 * extent }, 0, random);
    const padded = Math.ceil(extent / 4) * 4;
    yield softmaxCase(extent, 3, { row: 1, element: padded }, padded - extent, random);
  }
}

function layerNormCase(
  rows: number,
  extent: number,
  gap: number,
  bias: boolean,
  random: () => number,
): KernelCase {
  const step = extent + gap;
  const epsilon = 1e-5;
  // An offset that is large against the spread shows a variance that cancels.
  const input = randomFloats(rows * step, random).map((value) => value + 50);
  const scale = randomFloats(extent, random);
  const shift = randomFloats(extent, random);
  const output = unwritten(rows * step);
  const expected = output.slice();
  for (let row = 0; row < rows; row++) {
    const values = [...input.subarray(row * step, row * step + extent)];
    const mean = values.reduce((sum, value) => sum + value, 0) / extent;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / extent;
    values.forEach((value, index) => {
      const normal = (value - mean) / Math.sqrt(variance + epsilon);
      expected[row * step + index] = normal * (scale[index] ?? 0) + (bias ? (shift[index] ?? 0) : 0);
    });
  }
  return {
    name: `${String(rows)} rows of ${String(extent)}, ${String(gap)} apart`,
    kernel: lowerKernel(layerNorm, {
      rows,
      extent,
      inputStep: step * 4,
      outputStep: step * 4,
      epsilon,
      bias,
    }),
    buffers: { input, scale, ...(bias ? { bias: shift } : {}), output },
    expected: { output: expected },
  };
}

/** Rows around a vector, with and without gaps and biases. */
export function* layerNormCases(random: () => number): Iterable<KernelCase> {
  for (const extent of [1, 2, 3, 4, 5, 7, 8, 9, 16, 17, 64]) {
    yield layerNormCase(1, extent, 0, true, random);
    yield layerNormCase(3, extent, 0, false, random);
    yield layerNormCase(2, extent, 3, true, random);
  }
}
