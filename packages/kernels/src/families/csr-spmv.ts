import { add, binary, float, integer, load, loadIndex16, multiplyAdd } from '../kernel-ir/expressions.ts';
import { KernelBuilder } from '../kernel-ir/kernel-builder.ts';
import type { Expression } from '../kernel-ir/types.ts';
import type { KernelFamily } from './family.ts';
import { kernelName } from './kernel-name.ts';
import type { ScheduleDescription } from './schedule-description.ts';

/**
 * `y[row] = Σ_entry values[entry] · x[column(entry)]` over compressed sparse rows: the format without structure that
 * block sparse kernels are measured against.
 *
 * `rowStarts` holds `rows + 1` byte offsets into `values`; `columns` holds the byte offset into the input of every entry.
 */
export interface CsrSpmvProblem {
  readonly rows: number;
  /** Width of one column offset: 16 bits where all of them fit, else 32. */
  readonly index: 'bytes16' | 'bytes32';
}

/** How many sums a row has. */
export interface CsrSpmvSchedule {
  /** Independent sums of a row: with one, every addition waits for the one before. */
  readonly accumulators: 1 | 2 | 4;
}

function lower(problem: CsrSpmvProblem, schedule: CsrSpmvSchedule): ReturnType<KernelBuilder['build']> {
  const builder = new KernelBuilder();
  const { accumulators } = schedule;
  builder.buffer('input', 'read');
  builder.buffer('values', 'read');
  builder.buffer('columns', 'read');
  builder.buffer('rowStarts', 'read');
  builder.buffer('output', 'write');

  /** The product of the entry `position` places after the one whose value lies at byte `entry`. */
  const addEntry = (entry: Expression, position: number, sum: Expression): Expression => {
    const column =
      problem.index === 'bytes16'
        ? loadIndex16('columns', binary('shiftRightUnsigned', entry, integer(1)), position * 2)
        : load('i32', 'columns', entry, position * 4);
    return multiplyAdd(load('f32', 'values', entry, position * 4), load('f32', 'input', column), sum);
  };

  const start = builder.variable('start', load('i32', 'rowStarts', integer(0)));
  builder.loop('rowByte', { to: problem.rows * 4, step: 4 }, (rowByte) => {
    const end = builder.declare('end', load('i32', 'rowStarts', rowByte, 4));
    const sums = Array.from({ length: accumulators }, (_, set) =>
      builder.variable(`sum${String(set)}`, float(0, 'f32')),
    );
    const step = accumulators * 4;
    const wholeBytes = binary('and', binary('sub', end, start), integer(-step));
    const wholeEnd = accumulators === 1 ? end : builder.declare('wholeEnd', add(start, wholeBytes));
    builder.loop('entry', { from: start, to: wholeEnd, step }, (entry) => {
      sums.forEach((sum, position) => {
        builder.assign(sum, addEntry(entry, position, sum));
      });
    });
    const [first] = sums;
    if (accumulators > 1 && first) {
      builder.loop('rest', { from: wholeEnd, to: end, step: 4 }, (entry) => {
        builder.assign(first, addEntry(entry, 0, first));
      });
    }
    builder.store(
      'output',
      rowByte,
      0,
      sums.reduce<Expression>(
        (total, sum) => (total === sum ? sum : add(total, sum)),
        first ?? float(0, 'f32'),
      ),
    );
    builder.assign(start, end);
  });

  const name = kernelName('csrSpmv', {
    r: problem.rows,
    index: problem.index,
    t: accumulators,
  });
  return builder.build(
    name,
    `${String(problem.rows)} rows of compressed sparse rows, ${String(accumulators)} sum(s) per row`,
  );
}

/** The choices of `csrSpmv`. */
export const csrSpmvChoices: ScheduleDescription<CsrSpmvSchedule> = {
  accumulators: { values: [1, 2, 4], means: 'independent sums of a row', byDefault: '1' },
};

/**
 * Sparse matrix times vector without structure: one scalar load of a column, a weight and an input per multiply-add.
 *
 * No layer is lowered to it; benchmarks compare with it.
 */
export const csrSpmv: KernelFamily<CsrSpmvProblem, CsrSpmvSchedule> = {
  name: 'csrSpmv',
  defaultSchedule: () => ({ accumulators: 1 }),
  refuse: () => undefined,
  sharedLoops: (problem) => ({
    loops: [
      {
        name: 'row',
        turns: problem.rows,
        multiple: 1,
        steps: { rowStarts: 4, output: 4 },
        onlyItems: true,
      },
    ],
    part: ([rows = problem.rows]) => ({ ...problem, rows }),
  }),
  lower,
};
