import type { Matrix } from '@grim/bcr';

import { csrSpmv, type CsrSpmvSchedule } from '../families/csr-spmv.ts';
import { packCsrSpmv } from '../lowering/pack-csr-spmv.ts';
import {
  lowered,
  randomFloats,
  unwritten,
  type KernelBenchmark,
  type KernelCase,
  type RandomElements,
} from './kernel-case.ts';
import { randomMatrix } from './random-matrix.ts';

/** The plain definition, over zeros as well. */
function plainProduct({ rows, columns, values }: Matrix, input: Float32Array): { output: Float32Array } {
  const output = new Float32Array(rows);
  for (let row = 0; row < rows; row++) {
    let sum = 0;
    for (let column = 0; column < columns; column++) {
      sum += (values[row * columns + column] ?? 0) * (input[column] ?? 0);
    }
    output[row] = sum;
  }
  return { output };
}

function caseOf(
  matrix: Matrix,
  schedule: CsrSpmvSchedule,
  note: string,
  random: RandomElements,
): KernelBenchmark {
  const { rows, columns } = matrix;
  const packed = packCsrSpmv(matrix);
  const input = randomFloats(columns, random);
  const plain = (): { output: Float32Array } => plainProduct(matrix, input);
  return {
    name: `${String(rows)}×${String(columns)}, ${note}, ${String(schedule.accumulators)} sum(s)`,
    ...lowered(csrSpmv, packed.problem, schedule),
    buffers: {
      input,
      values: packed.values,
      columns: packed.columns,
      rowStarts: packed.rowStarts,
      output: unwritten(rows),
    },
    expected: plain(),
    plain,
    usefulOperations: 2 * packed.values.length,
  };
}

/** Rows of every length around the number of sums, none at all, and columns beyond what 16 bits reach. */
export function* csrSpmvCases(random: RandomElements): Iterable<KernelCase> {
  for (const accumulators of [1, 2, 4] as const) {
    const schedule = { accumulators };
    const staircase = new Float32Array(10 * 9);
    for (let row = 0; row < 10; row++) staircase.fill(random() + 2, row * 9, row * 9 + row);
    yield caseOf({ rows: 10, columns: 9, values: staircase }, schedule, 'rows of 0 to 9 entries', random);
    for (const pattern of ['dense', 'empty', 'scattered', 'rowsAndColumns'] as const) {
      for (const rows of [1, 7]) {
        yield caseOf(randomMatrix(rows, 33, pattern, random).matrix, schedule, pattern, random);
      }
    }
    const wide = new Float32Array(2 * 17_000);
    for (const index of [0, 16_383, 16_384, 16_999, 17_000, 33_999]) wide[index] = random() + 2;
    yield caseOf({ rows: 2, columns: 17_000, values: wide }, schedule, '32-bit offsets', random);
  }
}

/** A recurrent layer of which a tenth of the weights is left. */
export function* csrSpmvBenchmarks(random: RandomElements): Iterable<KernelBenchmark> {
  const { matrix } = randomMatrix(3072, 1024, 'pruned', random);
  yield caseOf(matrix, { accumulators: 1 }, 'pruned', random);
}
