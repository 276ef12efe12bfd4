import { rowGroups } from '@grim/bcr';
import { evaluateActivation } from '@grim/ir';

import { scatteredScratchRows } from '../families/spmv/lower-scattered.ts';
import { spmv } from '../families/spmv/spmv.ts';
import type { SpmvProblem, SpmvSchedule } from '../families/spmv/spmv-problem.ts';
import { isConsecutive } from '../lowering/is-consecutive.ts';
import { packSpmv } from '../lowering/pack-spmv.ts';
import { leastTarget, type KernelTarget } from '../target.ts';
import {
  lowered,
  randomFloats,
  unwritten,
  type KernelBenchmark,
  type KernelCase,
  type RandomElements,
} from './kernel-case.ts';
import { nonZeros, randomMatrix, type RandomPattern } from './random-matrix.ts';

/** Accumulator sets with the columns of a turn that fill them. */
const unrolling = [
  [1, 1],
  [1, 4],
  [2, 2],
  [2, 8],
  [4, 4],
] as const;

interface Choice {
  readonly rows: number;
  readonly columns: number;
  readonly positions: number;
  readonly slack: number;
  readonly addend: SpmvProblem['addend'];
  readonly pattern: RandomPattern;
  /** A matrix of the pattern; a new one unless given. */
  readonly operand?: ReturnType<typeof randomMatrix>;
  /** Floats between neighbouring columns in the input. */
  readonly spacing: number;
  readonly schedule?: SpmvSchedule;
  /** The least one unless given. */
  readonly target?: KernelTarget;
}

/** A target with registers for wide tiles. */
const rich: KernelTarget = { vectorRegisters: 32, loadsPairs: true };

const relu = { function: 'relu' } as const;

/** The plain definition, over zeros as well; `before` is what the output holds. */
function plainProduct(
  choice: Choice,
  weights: Float32Array,
  input: Float32Array,
  bias: Float32Array,
  before: Float32Array,
): { output: Float32Array } {
  const { rows, columns, positions, slack, addend, spacing } = choice;
  const inputStride = columns * spacing;
  const outputStride = rows + slack;
  const expected = new Float32Array(outputStride * positions).fill(NaN);
  for (let position = 0; position < positions; position++) {
    for (let row = 0; row < rows; row++) {
      const at = position * outputStride + row;
      let sum = addend === 'bias' ? (bias[row] ?? 0) : addend === 'output' ? (before[at] ?? 0) : 0;
      for (let column = 0; column < columns; column++) {
        sum +=
          (weights[row * columns + column] ?? 0) * (input[position * inputStride + column * spacing] ?? 0);
      }
      expected[at] = evaluateActivation(relu, sum);
    }
  }
  return { output: expected };
}

function caseOf(choice: Choice, random: RandomElements): KernelBenchmark {
  const { rows, columns, positions, slack, addend, pattern, spacing, target = leastTarget } = choice;
  const { matrix, bcr } = choice.operand ?? randomMatrix(rows, columns, pattern, random);
  const inputStride = columns * spacing;
  const outputStride = rows + slack;
  const { element } = random;
  const { bytes, lanes } = random.floats;
  const packed = packSpmv(
    {
      matrix,
      ...(bcr ? { bcr } : {}),
      ...(choice.schedule ? { schedule: { ...choice.schedule } } : {}),
    },
    {
      element,
      positions,
      inputStep: inputStride * bytes,
      outputStep: outputStride * bytes,
      outputSlack: slack,
      addend,
      activation: relu,
    },
    {
      offset: (column) => column * spacing * bytes,
      ...(spacing === 1
        ? { runs: { runs: 1, runLength: columns, runStep: columns * bytes, order: (index: number) => index } }
        : {}),
    },
    target,
  );
  const input = randomFloats(inputStride * positions, random);
  const bias = randomFloats(Math.ceil(rows / lanes) * lanes, random);
  const output =
    addend === 'output'
      ? randomFloats(outputStride * positions, random)
      : unwritten(outputStride * positions);
  const plain = (): { output: Float32Array } => plainProduct(choice, matrix.values, input, bias, output);
  const scattered =
    packed.problem.columns.kind === 'lists' && packed.problem.columns.rowOrder === 'scattered';
  const scratch = positions * scatteredScratchRows(rows, element);
  return {
    name: `${String(rows)}×${String(columns)} × ${String(positions)}, ${pattern}, ${packed.path}`,
    ...lowered(spmv, packed.problem, packed.schedule, target),
    buffers: {
      input,
      weights: packed.weights,
      output,
      ...(packed.index ? { index: packed.index } : {}),
      ...(addend === 'bias' ? { bias } : {}),
      ...(scattered ? { scratch: unwritten(scratch) } : {}),
    },
    expected: { ...plain(), ...(scattered ? { scratch: new Float32Array(scratch).fill(NaN) } : {}) },
    plain,
    usefulOperations: 2 * nonZeros(matrix) * positions,
  };
}

/** Row counts around every group size, position counts around every tile, dense and both kinds of sparse packing. */
export function* spmvCases(random: RandomElements): Iterable<KernelCase> {
  const base = { columns: 7, positions: 1, slack: 0, addend: 'bias', pattern: 'dense', spacing: 1 } as const;
  for (const rows of [1, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33]) yield caseOf({ ...base, rows }, random);
  for (const positions of [2, 3, 4, 5, 7, 8, 9]) yield caseOf({ ...base, rows: 18, positions }, random);
  for (const columns of [1, 2, 3, 4, 5, 9]) yield caseOf({ ...base, rows: 9, columns }, random);
  for (const slack of [1, 2, 3]) yield caseOf({ ...base, rows: 8 - slack, positions: 3, slack }, random);
  for (const addend of ['zero', 'output'] as const)
    yield caseOf({ ...base, rows: 16, positions: 2, addend }, random);
  for (const spacing of [2, 17_000]) yield caseOf({ ...base, rows: 10, spacing, positions: 2 }, random);
  for (const positions of [1, 2, 3, 5]) yield caseOf({ ...base, rows: 39, positions, target: rich }, random);
  for (const groupRows of [4, 8, 16, 32] as const) {
    for (const positionTile of [1, 2, 3, 4] as const) {
      for (const [accumulatorSets, columnUnroll] of unrolling) {
        const schedule: SpmvSchedule = {
          groupRows,
          positionTile,
          accumulatorSets,
          columnUnroll,
          weightStreams: 1,
        };
        const problem: SpmvProblem = {
          element: random.element,
          rows: 37,
          positions: 5,
          inputStep: 28,
          outputStep: 148,
          columns: { kind: 'runs', runs: 1, runLength: 7, runStep: 28 },
          outputSlack: 0,
          addend: 'bias',
        };
        if (spmv.refuse(problem, schedule, leastTarget) !== undefined) continue;
        yield caseOf({ ...base, rows: 37, positions: 5, schedule }, random);
        yield caseOf({ ...base, rows: 37, columns: 24, positions: 5, pattern: 'columns', schedule }, random);
        for (const weightStreams of [2, 4] as const) {
          const streamed = { ...schedule, weightStreams };
          if (spmv.refuse(problem, streamed, leastTarget) !== undefined) continue;
          yield caseOf({ ...base, rows: 70, positions: 2, schedule: streamed }, random);
        }
      }
    }
  }
  for (const groupRows of [8, 16, 32] as const) {
    for (const weightStreams of [2, 4] as const) {
      if (weightStreams > groupRows / random.floats.lanes) continue;
      const schedule = {
        groupRows,
        positionTile: 1,
        accumulatorSets: 1,
        columnUnroll: 2,
        weightStreams,
      } as const;
      for (const positions of [1, 2]) {
        const rows = 43;
        const operand = randomMatrix(rows, 40, 'rowsAndColumns', random);
        // By chance rows may be in order: those have one stream.
        const groups = rowGroups(operand.matrix, {
          lanes: groupRows,
          ...(operand.bcr && { grid: operand.bcr }),
        });
        if (isConsecutive(groups, groupRows, rows)) continue;
        yield caseOf(
          { ...base, rows, columns: 40, positions, pattern: 'rowsAndColumns', operand, schedule },
          random,
        );
      }
    }
  }
  for (const pattern of ['columns', 'rowsAndColumns', 'empty', 'scattered'] as const) {
    for (const rows of [3, 8, 16, 21]) {
      for (const positions of [1, 3, 4]) {
        yield caseOf({ ...base, rows, columns: 40, positions, pattern }, random);
      }
    }
    for (const positions of [1, 2, 4]) {
      yield caseOf({ ...base, rows: 37, columns: 40, positions, pattern, target: rich }, random);
    }
    yield caseOf({ ...base, rows: 16, columns: 40, pattern, addend: 'output' }, random);
    yield caseOf({ ...base, rows: 16, columns: 40, pattern, spacing: 900 }, random);
  }
}

/** Recurrent layers for one step and for several, dense and with a tenth of the weights left. */
export function* spmvBenchmarks(random: RandomElements): Iterable<KernelBenchmark> {
  const base = { rows: 1024, columns: 512, slack: 0, addend: 'bias', spacing: 1 } as const;
  yield caseOf({ ...base, positions: 1, pattern: 'dense' }, random);
  yield caseOf({ ...base, positions: 8, pattern: 'dense' }, random);
  yield caseOf({ ...base, rows: 3072, columns: 1024, positions: 1, pattern: 'pruned' }, random);
}
