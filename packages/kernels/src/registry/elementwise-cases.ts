import { elementwise, type ElementwiseExpression, type ElementwiseProblem } from '../families/elementwise.ts';
import { reduce, type ReduceProblem } from '../families/reduce.ts';
import { lowered, randomFloats, unwritten, type KernelBenchmark, type KernelCase } from './kernel-case.ts';

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

function elementwiseCase(
  name: string,
  problem: Omit<ElementwiseProblem, 'expression'>,
  expression: ElementwiseExpression,
  definition: (a: number, b: number) => number,
  random: () => number,
): KernelBenchmark {
  const { extents, operandStrides, outputStrides, outputSlack } = problem;
  const operands = operandStrides.map((strides) => randomFloats(reach(extents, strides), random));
  const length = reach(extents, outputStrides) + outputSlack;
  const targets = offsetsOf(extents, outputStrides);
  const [firstSources, secondSources] = operandStrides.map((strides) => offsetsOf(extents, strides));
  const [first, second] = operands;
  const plain = (): { output: Float32Array } => {
    const output = unwritten(length);
    for (let element = 0; element < targets.length; element++) {
      const a = first?.[firstSources?.[element] ?? 0] ?? 0;
      const b = second?.[secondSources?.[element] ?? 0] ?? 0;
      output[targets[element] ?? 0] = definition(a, b);
    }
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
    ...lowered(elementwise, { ...problem, expression }),
    buffers: {
      ...Object.fromEntries(operands.map((operand, i) => [`operand${String(i)}`, operand])),
      output: unwritten(length),
    },
    expected: { output: expected },
    plain,
    usefulOperations: expression.kind === 'binary' ? targets.length : 0,
  };
}

/** Extents around a vector, strides, broadcasting, slack, copies and fills. */
export function* elementwiseCases(random: () => number): Iterable<KernelCase> {
  const sum: ElementwiseExpression = { kind: 'binary', function: 'add', a: x0, b: x1 };
  const fill: ElementwiseExpression = { kind: 'constant', value: 0.25 };
  for (const extent of [1, 2, 3, 4, 5, 7, 8, 9, 17]) {
    yield elementwiseCase(
      `copy of ${String(extent)}`,
      { extents: [extent], operandStrides: [[1]], outputStrides: [1], outputSlack: 0 },
      x0,
      (a) => a,
      random,
    );
    yield elementwiseCase(
      `fill of ${String(extent)}`,
      { extents: [extent], operandStrides: [], outputStrides: [1], outputSlack: 0 },
      fill,
      () => 0.25,
      random,
    );
    yield elementwiseCase(
      `transposed copy of 3×${String(extent)}`,
      { extents: [3, extent], operandStrides: [[1, 3]], outputStrides: [extent, 1], outputSlack: 0 },
      x0,
      (a) => a,
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
      (a, b) => a + b,
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
      (a, b) => a + b,
      random,
    );
  }
}

const combine = {
  max: Math.max,
  mean: (total, value) => total + value,
  min: Math.min,
  sum: (total, value) => total + value,
} satisfies Record<ReduceProblem['function'], (total: number, value: number) => number>;

const start = { max: -Infinity, mean: 0, min: Infinity, sum: 0 };

function reduceCase(name: string, problem: ReduceProblem, random: () => number): KernelBenchmark {
  const { kept, reduced } = problem;
  const input = randomFloats(
    reach([...kept, ...reduced], [...problem.keptInputStrides, ...problem.reducedStrides]),
    random,
  );
  const length = reach(kept, problem.outputStrides);
  const sources = offsetsOf(kept, problem.keptInputStrides);
  const targets = offsetsOf(kept, problem.outputStrides);
  const offsets = offsetsOf(reduced, problem.reducedStrides);
  const step = combine[problem.function];
  const divisor = problem.function === 'mean' ? offsets.length : 1;
  const plain = (): { output: Float32Array } => {
    const output = unwritten(length);
    for (let result = 0; result < sources.length; result++) {
      const first = sources[result] ?? 0;
      let total = start[problem.function];
      for (let element = 0; element < offsets.length; element++) {
        total = step(total, input[first + (offsets[element] ?? 0)] ?? 0);
      }
      output[targets[result] ?? 0] = total / divisor;
    }
    return { output };
  };
  return {
    name,
    ...lowered(reduce, problem),
    buffers: { input, output: unwritten(length) },
    expected: plain(),
    plain,
    usefulOperations: sources.length * (offsets.length + (divisor > 1 ? 1 : 0)),
  };
}

/** Every function over the innermost, the outermost and scattered axes, extents around a vector. */
export function* reduceCases(random: () => number): Iterable<KernelCase> {
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
export function* elementwiseBenchmarks(random: () => number): Iterable<KernelBenchmark> {
  const sum: ElementwiseExpression = { kind: 'binary', function: 'add', a: x0, b: x1 };
  const add = (a: number, b: number): number => a + b;
  const size = 64 * 56 * 56;
  yield elementwiseCase(
    'sum of two images, 64×56×56',
    { extents: [size], operandStrides: [[1], [1]], outputStrides: [1], outputSlack: 0 },
    sum,
    add,
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
    add,
    random,
  );
  yield elementwiseCase(
    'transposition of 128×256',
    { extents: [256, 128], operandStrides: [[1, 256]], outputStrides: [128, 1], outputSlack: 0 },
    x0,
    (a) => a,
    random,
  );
}

/** The average of every channel of an image, and the largest of a row. */
export function* reduceBenchmarks(random: () => number): Iterable<KernelBenchmark> {
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
