import { elementwise, type ElementwiseExpression, type ElementwiseProblem } from '../families/elementwise.ts';
import { reduce, type ReduceProblem } from '../families/reduce.ts';
import {
  lowered,
  randomFloats,
  unwritten,
  type KernelBenchmark,
  type KernelCase,
  type RandomElements,
} from './kernel-case.ts';

/** The offset of every element of a walk, the last extent fastest. */
function offsetsOf(extents: readonly number[], strides: readonly number[]): Int32Array {
  return extents.reduce((offsets, extent, axis) => {
    const all = new Int32Array(offsets.length * extent);
    offsets.forEach((offset, outer) => {
      for (let i = 0; i < extent; i++) all[outer * extent + i] = offset + i * (strides[axis] ?? 0);
    });
    return all;
  }, Int32Array.of(0));
}

/** Elements that a walk with these strides covers, from the first. */
function reach(extents: readonly number[], strides: readonly number[]): number {
  return 1 + extents.reduce((sum, extent, axis) => sum + (extent - 1) * Math.max(0, strides[axis] ?? 0), 0);
}

const x0: ElementwiseExpression = { kind: 'operand', index: 0 };
const x1: ElementwiseExpression = { kind: 'operand', index: 1 };
const sum: ElementwiseExpression = { kind: 'binary', function: 'add', a: x0, b: x1 };
const FILL = 0.25;
const fill: ElementwiseExpression = { kind: 'constant', value: FILL };

/** More than one rounding, a series, and a constant that is no half. */
const chain: ElementwiseExpression = {
  kind: 'binary',
  function: 'mul',
  a: { kind: 'unary', activation: { function: 'sigmoid' }, x: x0 },
  b: { kind: 'constant', value: 1 / 3 },
};

/** The plain definition of a sum: elements at the offsets that the walks over both operands pass. */
function addElements(
  output: Float32Array,
  targets: Int32Array,
  [a = output, b = output]: readonly Float32Array[],
  [aSources = targets, bSources = targets]: readonly Int32Array[],
): void {
  for (let element = 0; element < targets.length; element++) {
    output[targets[element] ?? 0] = (a[aSources[element] ?? 0] ?? 0) + (b[bSources[element] ?? 0] ?? 0);
  }
}

/** The plain definition of a copy between layouts. */
function copyElements(
  output: Float32Array,
  targets: Int32Array,
  [values = output]: readonly Float32Array[],
  [sources = targets]: readonly Int32Array[],
): void {
  for (let element = 0; element < targets.length; element++) {
    output[targets[element] ?? 0] = values[sources[element] ?? 0] ?? 0;
  }
}

/** The plain definition of {@link chain}. */
const sigmoidThird = (values: Float32Array): Float32Array =>
  values.map((value) => 1 / (1 + Math.exp(-value)) / 3);

function elementwiseCase(
  name: string,
  problem: Omit<ElementwiseProblem, 'expression'>,
  expression: ElementwiseExpression,
  random: RandomElements,
): KernelBenchmark {
  const { extents, operandStrides, outputStrides, outputSlack } = problem;
  const operands = operandStrides.map((strides) => randomFloats(reach(extents, strides), random));
  const length = reach(extents, outputStrides) + outputSlack;
  const targets = offsetsOf(extents, outputStrides);
  const sources = operandStrides.map((strides) => offsetsOf(extents, strides));
  const plain = (): { output: Float32Array } => {
    const output = unwritten(length);
    if (expression === sum) addElements(output, targets, operands, sources);
    else if (expression === x0) copyElements(output, targets, operands, sources);
    else if (expression === chain) copyElements(output, targets, operands.map(sigmoidThird), sources);
    else for (const target of targets) output[target] = FILL;
    return { output };
  };
  const expected = plain().output;
  // Whatever lies behind the last element of a row may be overwritten.
  const rowEnd = extents.at(-1) ?? 1;
  for (let element = rowEnd - 1; outputSlack > 0 && element < targets.length; element += rowEnd) {
    const end = (targets[element] ?? 0) + 1;
    expected.fill(NaN, end, end + outputSlack);
  }
  return {
    name,
    ...lowered(elementwise, { ...problem, element: random.element, expression }),
    buffers: {
      ...Object.fromEntries(operands.map((operand, i) => [`operand${String(i)}`, operand])),
      output: unwritten(length),
    },
    expected: { output: expected },
    plain,
    usefulOperations: expression === sum ? targets.length : 0,
  };
}

/** A copy between 32-bit floats and elements: to elements, or from them. Floats are given as their bits. */
function conversionCase(extent: number, direction: 'from' | 'to', random: RandomElements): KernelCase {
  const values = randomFloats(extent, random).map((value) => value * (direction === 'to' ? 1 / 3 : 1));
  const bits = (floats: Float32Array): Int32Array => new Int32Array(floats.slice().buffer);
  const { element } = random;
  const from = direction === 'to' ? 'f32' : element;
  const problem: ElementwiseProblem = {
    extents: [extent],
    operandStrides: [[1]],
    outputStrides: [1],
    outputSlack: 0,
    element: direction === 'to' ? element : 'f32',
    operandElements: [from],
    expression: x0,
  };
  const plain = (): { output: Float32Array } => ({ output: values });
  return {
    name: `${String(extent)} elements ${direction} ${element}`,
    ...lowered(elementwise, problem),
    buffers: {
      operand0: from === 'f32' ? bits(values) : values,
      output: direction === 'to' ? unwritten(extent) : bits(unwritten(extent)),
    },
    expected: plain(),
    plain,
  };
}

/** Extents around a vector, strides, broadcasting, slack, copies, fills, a chain of functions and conversions. */
export function* elementwiseCases(random: RandomElements): Iterable<KernelCase> {
  for (const extent of [1, 2, 3, 4, 5, 7, 8, 9, 17]) {
    yield conversionCase(extent, 'to', random);
    yield conversionCase(extent, 'from', random);
    yield elementwiseCase(
      `sigmoid times a third, 2×${String(extent)}`,
      {
        extents: [2, extent],
        operandStrides: [[2 * extent, 1]],
        outputStrides: [extent, 1],
        outputSlack: 0,
      },
      chain,
      random,
    );
    yield elementwiseCase(
      `copy of ${String(extent)}`,
      { extents: [extent], operandStrides: [[1]], outputStrides: [1], outputSlack: 0 },
      x0,
      random,
    );
    yield elementwiseCase(
      `fill of ${String(extent)}`,
      { extents: [extent], operandStrides: [], outputStrides: [1], outputSlack: 0 },
      fill,
      random,
    );
    yield elementwiseCase(
      `transposed copy of 3×${String(extent)}`,
      { extents: [3, extent], operandStrides: [[1, 3]], outputStrides: [extent, 1], outputSlack: 0 },
      x0,
      random,
    );
    yield elementwiseCase(
      `sum of 2×${String(extent)} with a broadcast row, into padded rows`,
      {
        extents: [2, extent],
        operandStrides: [
          [extent, 1],
          [0, 1],
        ],
        outputStrides: [Math.ceil(extent / 4) * 4, 1],
        outputSlack: Math.ceil(extent / 4) * 4 - extent,
      },
      sum,
      random,
    );
    yield elementwiseCase(
      `sum of 3×${String(extent)} with a broadcast column`,
      {
        extents: [3, extent],
        operandStrides: [
          [extent, 1],
          [1, 0],
        ],
        outputStrides: [extent, 1],
        outputSlack: 0,
      },
      sum,
      random,
    );
  }
}

/** The plain definition over `reduced` offsets from each of `sources`. */
function reduceElements(
  name: ReduceProblem['function'],
  input: Float32Array,
  output: Float32Array,
  [sources, targets, reduced]: readonly [Int32Array, Int32Array, Int32Array],
): void {
  const isMaximum = name === 'max';
  const isMinimum = name === 'min';
  const divisor = name === 'mean' ? reduced.length : 1;
  for (let result = 0; result < sources.length; result++) {
    const first = sources[result] ?? 0;
    let total = isMaximum ? -Infinity : isMinimum ? Infinity : 0;
    for (let element = 0; element < reduced.length; element++) {
      const value = input[first + (reduced[element] ?? 0)] ?? 0;
      if (isMaximum) total = Math.max(total, value);
      else if (isMinimum) total = Math.min(total, value);
      else total += value;
    }
    output[targets[result] ?? 0] = total / divisor;
  }
}

function reduceCase(name: string, problem: ReduceProblem, random: RandomElements): KernelBenchmark {
  const { kept, reduced } = problem;
  const input = randomFloats(
    reach([...kept, ...reduced], [...problem.keptInputStrides, ...problem.reducedStrides]),
    random,
  );
  const length = reach(kept, problem.outputStrides);
  const sources = offsetsOf(kept, problem.keptInputStrides);
  const targets = offsetsOf(kept, problem.outputStrides);
  const offsets = offsetsOf(reduced, problem.reducedStrides);
  const plain = (): { output: Float32Array } => {
    const output = unwritten(length);
    reduceElements(problem.function, input, output, [sources, targets, offsets]);
    return { output };
  };
  return {
    name,
    ...lowered(reduce, { ...problem, element: random.element }),
    buffers: { input, output: unwritten(length) },
    expected: plain(),
    plain,
    usefulOperations: sources.length * (offsets.length + (problem.function === 'mean' ? 1 : 0)),
  };
}

/** Every function over the innermost, the outermost and scattered axes, extents around a vector. */
export function* reduceCases(random: RandomElements): Iterable<KernelCase> {
  for (const name of ['max', 'mean', 'min', 'sum'] as const) {
    for (const extent of [1, 3, 4, 5, 9]) {
      const common = { function: name, outputSlack: 0 } as const;
      yield reduceCase(
        `${name} over the innermost ${String(extent)}`,
        {
          ...common,
          kept: [3],
          keptInputStrides: [extent],
          outputStrides: [1],
          reduced: [extent],
          reducedStrides: [1],
        },
        random,
      );
      yield reduceCase(
        `${name} over the outermost, ${String(extent)} kept`,
        {
          ...common,
          kept: [extent],
          keptInputStrides: [1],
          outputStrides: [1],
          reduced: [3],
          reducedStrides: [extent],
        },
        random,
      );
      yield reduceCase(
        `${name} over two axes around ${String(extent)} kept`,
        {
          ...common,
          kept: [extent],
          keptInputStrides: [5],
          outputStrides: [1],
          reduced: [2, 5],
          reducedStrides: [extent * 5, 1],
        },
        random,
      );
    }
  }
}

/** Sums of images, a transposition, and a broadcast bias. */
export function* elementwiseBenchmarks(random: RandomElements): Iterable<KernelBenchmark> {
  const size = 64 * 56 * 56;
  yield elementwiseCase(
    'sum of two images, 64×56×56',
    { extents: [size], operandStrides: [[1], [1]], outputStrides: [1], outputSlack: 0 },
    sum,
    random,
  );
  yield elementwiseCase(
    'sum with one number per channel, 64×56×56',
    {
      extents: [64, 3136],
      operandStrides: [
        [3136, 1],
        [1, 0],
      ],
      outputStrides: [3136, 1],
      outputSlack: 0,
    },
    sum,
    random,
  );
  yield elementwiseCase(
    'transposition of 128×256',
    { extents: [256, 128], operandStrides: [[1, 256]], outputStrides: [128, 1], outputSlack: 0 },
    x0,
    random,
  );
}

/** The average of every channel of an image, and the largest of a row. */
export function* reduceBenchmarks(random: RandomElements): Iterable<KernelBenchmark> {
  const image = { kept: [512], keptInputStrides: [49], outputStrides: [1], outputSlack: 0 };
  yield reduceCase(
    'mean of 512 channels of 7×7',
    { ...image, function: 'mean', reduced: [49], reducedStrides: [1] },
    random,
  );
  yield reduceCase(
    'max over 128 rows of 256',
    {
      function: 'max',
      kept: [256],
      keptInputStrides: [1],
      outputStrides: [1],
      reduced: [128],
      reducedStrides: [256],
      outputSlack: 0,
    },
    random,
  );
}
