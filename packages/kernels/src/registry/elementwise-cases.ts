import { elementwise, type ElementwiseExpression, type ElementwiseProblem } from '../families/elementwise.ts';
import { lowerKernel } from '../families/family.ts';
import { reduce, type ReduceProblem } from '../families/reduce.ts';
import { randomFloats, unwritten, type KernelCase } from './kernel-case.ts';

/** Calls `visit` with every index of the extents, the last one fastest. */
function forEachIndex(extents: readonly number[], visit: (index: readonly number[]) => void): void {
  const [extent, ...rest] = extents;
  if (extent === undefined) {
    visit([]);
    return;
  }
  for (let i = 0; i < extent; i++) {
    forEachIndex(rest, (inner) => {
      visit([i, ...inner]);
    });
  }
}

const offsetOf = (index: readonly number[], strides: readonly number[]): number =>
  index.reduce((sum, i, axis) => sum + i * (strides[axis] ?? 0), 0);

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
  plain: (a: number, b: number) => number,
  random: () => number,
): KernelCase {
  const operands = problem.operandStrides.map((strides) =>
    randomFloats(reach(problem.extents, strides), random),
  );
  const length = reach(problem.extents, problem.outputStrides) + problem.outputSlack;
  const expected = unwritten(length);
  for (let slot = length - problem.outputSlack; slot < length; slot++) expected[slot] = NaN;
  const slackRow = problem.extents.at(-1) ?? 1;
  forEachIndex(problem.extents, (index) => {
    const [a = 0, b = 0] = operands.map(
      (operand, i) => operand[offsetOf(index, problem.operandStrides[i] ?? [])] ?? 0,
    );
    const at = offsetOf(index, problem.outputStrides);
    expected[at] = plain(a, b);
    if (index.at(-1) === slackRow - 1) {
      for (let slot = 1; slot <= problem.outputSlack; slot++) {
        if (expected[at + slot] === unwritten(1)[0]) expected[at + slot] = NaN;
      }
    }
  });
  return {
    name,
    kernel: lowerKernel(elementwise, { ...problem, expression }),
    buffers: {
      ...Object.fromEntries(operands.map((operand, i) => [`operand${String(i)}`, operand])),
      output: unwritten(length),
    },
    expected: { output: expected },
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

function reduceCase(name: string, problem: ReduceProblem, random: () => number): KernelCase {
  const extents = [...problem.kept, ...problem.reduced];
  const strides = [...problem.keptInputStrides, ...problem.reducedStrides];
  const input = randomFloats(reach(extents, strides), random);
  const length = reach(problem.kept, problem.outputStrides);
  const expected = unwritten(length);
  forEachIndex(problem.kept, (kept) => {
    const values: number[] = [];
    forEachIndex(problem.reduced, (reduced) => {
      values.push(input[offsetOf([...kept, ...reduced], strides)] ?? 0);
    });
    const total = values.reduce((sum, value) => sum + value, 0);
    const results = {
      max: Math.max(...values),
      mean: total / values.length,
      min: Math.min(...values),
      sum: total,
    };
    expected[offsetOf(kept, problem.outputStrides)] = results[problem.function];
  });
  return {
    name,
    kernel: lowerKernel(reduce, problem),
    buffers: { input, output: unwritten(length) },
    expected: { output: expected },
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
