import { layerNorm } from '../families/layer-norm.ts';
import { softmax, type SoftmaxProblem } from '../families/softmax.ts';
import {
  lowered,
  randomFloats,
  unwritten,
  type KernelBenchmark,
  type KernelCase,
  type RandomElements,
} from './kernel-case.ts';

const epsilon = 1e-5;

interface SoftmaxShape {
  readonly rows: number;
  readonly extent: number;
  /** Elements from one row to the next, and from one element of a row to the next. */
  readonly rowStride: number;
  readonly stride: number;
  readonly slack: number;
}

/** The plain definition; with slack, what lies between results may be anything. */
function plainSoftmax(
  { rows, extent, rowStride, stride, slack }: SoftmaxShape,
  input: Float32Array,
): { output: Float32Array } {
  const output = slack > 0 ? new Float32Array(input.length).fill(NaN) : unwritten(input.length);
  for (let row = 0; row < rows; row++) {
    const first = row * rowStride;
    let largest = -Infinity;
    for (let index = 0; index < extent; index++) {
      largest = Math.max(largest, input[first + index * stride] ?? 0);
    }
    let sum = 0;
    for (let index = 0; index < extent; index++) {
      sum += Math.exp((input[first + index * stride] ?? 0) - largest);
    }
    for (let index = 0; index < extent; index++) {
      const place = first + index * stride;
      output[place] = Math.exp((input[place] ?? 0) - largest) / sum;
    }
  }
  return { output };
}

/** Rows × extent softmaxes with every element `rowStride` or `stride` from its neighbour, in input and output. */
function softmaxCase(
  rows: number,
  extent: number,
  strides: { readonly row: number; readonly element: number },
  slack: number,
  random: RandomElements,
): KernelBenchmark {
  const { row: rowStride, element: stride } = strides;
  const problem: SoftmaxProblem = {
    element: random.element,
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
  const input = randomFloats(length, random).map((value) => random.round(value * 100));
  const plain = (): { output: Float32Array } =>
    plainSoftmax({ rows, extent, rowStride, stride, slack }, input);
  return {
    name: `${String(rows)} rows of ${String(extent)}, ${String(stride)} apart`,
    ...lowered(softmax, problem),
    buffers: { input, output: unwritten(length) },
    expected: plain(),
    plain,
    // The maximum, a difference, its exponential, their sum and a quotient.
    usefulOperations: 5 * rows * extent,
  };
}

/** Extents around a vector, along contiguous elements, side by side, and neither. */
export function* softmaxCases(random: RandomElements): Iterable<KernelCase> {
  for (const extent of [1, 2, 3, 4, 5, 7, 8, 9, 17]) {
    yield softmaxCase(3, extent, { row: extent, element: 1 }, 0, random);
    yield softmaxCase(extent, 3, { row: 1, element: extent }, 0, random);
    yield softmaxCase(extent, 4, { row: 2, element: 2 * extent }, 0, random);
    const padded = Math.ceil(extent / 4) * 4;
    yield softmaxCase(extent, 3, { row: 1, element: padded }, padded - extent, random);
  }
}

/** Class probabilities, and probabilities of attention. */
export function* softmaxBenchmarks(random: RandomElements): Iterable<KernelBenchmark> {
  yield softmaxCase(1, 1000, { row: 1000, element: 1 }, 0, random);
  yield softmaxCase(128, 128, { row: 128, element: 1 }, 0, random);
}

/** The plain definition of rows that are `step` elements apart. */
function plainLayerNorm(
  rows: number,
  step: number,
  input: Float32Array,
  scale: Float32Array,
  shift: Float32Array | undefined,
): { output: Float32Array } {
  const extent = scale.length;
  const output = unwritten(rows * step);
  for (let row = 0; row < rows; row++) {
    const first = row * step;
    let sum = 0;
    for (let index = 0; index < extent; index++) sum += input[first + index] ?? 0;
    const mean = sum / extent;
    let squares = 0;
    for (let index = 0; index < extent; index++) {
      const difference = (input[first + index] ?? 0) - mean;
      squares += difference * difference;
    }
    const deviation = Math.sqrt(squares / extent + epsilon);
    for (let index = 0; index < extent; index++) {
      const normal = ((input[first + index] ?? 0) - mean) / deviation;
      output[first + index] = normal * (scale[index] ?? 0) + (shift?.[index] ?? 0);
    }
  }
  return { output };
}

function layerNormCase(
  rows: number,
  extent: number,
  gap: number,
  bias: boolean,
  random: RandomElements,
): KernelBenchmark {
  const step = extent + gap;
  // An offset that is large against the spread shows a variance that cancels.
  const input = randomFloats(rows * step, random).map((value) => random.round(value + 50));
  const scale = randomFloats(extent, random);
  const shift = randomFloats(extent, random);
  const plain = (): { output: Float32Array } =>
    plainLayerNorm(rows, step, input, scale, bias ? shift : undefined);
  return {
    name: `${String(rows)} rows of ${String(extent)}, ${String(gap)} apart`,
    ...lowered(layerNorm, {
      element: random.element,
      rows,
      extent,
      inputStep: step * random.floats.bytes,
      outputStep: step * random.floats.bytes,
      epsilon,
      bias,
    }),
    buffers: { input, scale, ...(bias ? { bias: shift } : {}), output: unwritten(rows * step) },
    expected: plain(),
    plain,
    // A sum; a difference, its square and their sum; a difference, a quotient, and a product that is added.
    usefulOperations: 8 * rows * extent,
  };
}

/** Rows around a vector, with and without gaps and biases. */
export function* layerNormCases(random: RandomElements): Iterable<KernelCase> {
  for (const extent of [1, 2, 3, 4, 5, 7, 8, 9, 16, 17, 64]) {
    yield layerNormCase(1, extent, 0, true, random);
    yield layerNormCase(3, extent, 0, false, random);
    yield layerNormCase(2, extent, 3, true, random);
  }
}

/** Tokens of a small transformer. */
export function* layerNormBenchmarks(random: RandomElements): Iterable<KernelBenchmark> {
  yield layerNormCase(128, 256, 0, true, random);
  yield layerNormCase(1, 1024, 0, true, random);
}
