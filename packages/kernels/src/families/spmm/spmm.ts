import { add, integer, load } from '../../kernel-ir/expressions.ts';
import { KernelBuilder } from '../../kernel-ir/kernel-builder.ts';
import type { Expression } from '../../kernel-ir/types.ts';
import type { KernelFamily } from '../family.ts';
import { activationName, kernelName } from '../kernel-name.ts';
import { emitGroupTile } from './emit-group-tile.ts';
import { emitStripTile } from './emit-strip-tile.ts';
import type { SpmmProblem, SpmmSchedule } from './spmm-problem.ts';
import { forTiles } from './tiles.ts';

/** Most accumulators a schedule may ask for: x86-64 has 16 vector registers and some must hold operands. */
const MAXIMUM_ACCUMULATORS = 12;

function lower(problem: SpmmProblem, schedule: SpmmSchedule): ReturnType<KernelBuilder['build']> {
  const builder = new KernelBuilder();
  const { columns } = problem;
  builder.buffer('input', 'read');
  builder.buffer('weights', 'read');
  builder.buffer('index', 'read');
  if (problem.bias) builder.buffer('bias', 'read');
  if (columns.kind === 'strips') builder.buffer('scratch', 'readwrite');
  builder.buffer('output', 'write');
  const weightStart = builder.variable('weightStart', integer(0));
  const indexStart = builder.variable('indexStart', integer(0));
  const cursor = {
    weight: builder.variable('weight', integer(0)),
    index: builder.variable('entry', integer(0)),
  };

  const emitGroup = (firstY: Expression, firstRow: Expression, rows: number): void => {
    const count =
      columns.kind === 'all'
        ? integer(columns.columns)
        : columns.kind === 'groups'
          ? builder.declare('count', load('i32', 'index', indexStart))
          : integer(0);
    forTiles(builder, problem, schedule, firstY, (tile) => {
      builder.assign(cursor.weight, weightStart);
      if (columns.kind === 'strips') {
        const strip = { firstRow, rows, subsets: columns.subsets, start: indexStart, cursor };
        emitStripTile(builder, problem, strip, tile);
        return;
      }
      const header = columns.kind === 'groups' ? 4 : 0;
      builder.assign(cursor.index, add(indexStart, integer(header)));
      emitGroupTile(builder, problem, { firstRow, rows, count, cursor }, tile);
    });
    builder.assign(weightStart, cursor.weight);
    if (columns.kind !== 'all') builder.assign(indexStart, cursor.index);
  };

  const blockHeight = Math.min(schedule.blockHeight, problem.height);
  builder.loop('blockY', { to: problem.height, step: blockHeight }, (firstY) => {
    builder.assign(weightStart, integer(0));
    builder.assign(indexStart, integer(0));
    const whole = problem.rows - (problem.rows % schedule.groupRows);
    builder.loop('row', { to: whole, step: schedule.groupRows }, (row) => {
      emitGroup(firstY, row, schedule.groupRows);
    });
    if (problem.rows > whole) emitGroup(firstY, integer(whole), problem.rows - whole);
  });

  const name = kernelName('spmm', {
    r: problem.rows,
    o: `${String(problem.height)}x${String(problem.width)}`,
    in: `${String(problem.inputRowStep)}.${String(problem.inputPixelStep)}`,
    out: `${String(problem.outputRowStep)}.${String(problem.outputChannelStep)}`,
    k: columns.kind === 'all' ? columns.columns : undefined,
    bcr: columns.kind === 'all' ? undefined : columns.kind,
    of: columns.kind === 'strips' ? columns.subsets.map((subset) => subset.toString(16)).join('') : undefined,
    bias: problem.bias,
    act: activationName(problem.activation),
    t: `${String(schedule.groupRows)}x${String(schedule.pixelVectors)}x${String(schedule.blockHeight)}`,
  });
  return builder.build(
    name,
    `${String(problem.rows)} rows × ${String(problem.height)}×${String(problem.width)} pixels, ${columns.kind === 'all' ? 'dense' : 'block sparse'}: ${String(schedule.groupRows)} rows × ${String(schedule.pixelVectors * 4)} pixels`,
  );
}

/** Floats of scratch that a strip tile needs. */
export function stripScratch(schedule: SpmmSchedule): number {
  return schedule.groupRows * schedule.pixelVectors * 4;
}

function refuse(problem: SpmmProblem, schedule: SpmmSchedule): string | undefined {
  const { columns } = problem;
  const { groupRows, pixelVectors, blockHeight } = schedule;
  if (!Number.isInteger(blockHeight) || blockHeight < 1) {
    return `a block must be a whole number of rows of pixels, not ${String(blockHeight)}`;
  }
  if (columns.kind === 'strips') {
    const tooWide = columns.subsets.find((subset) => subset >= 2 ** groupRows);
    return tooWide === undefined
      ? undefined
      : `row subset ${String(tooWide)} does not fit groups of ${String(groupRows)}`;
  }
  const accumulators = groupRows * pixelVectors;
  return accumulators > MAXIMUM_ACCUMULATORS
    ? `${String(groupRows)} rows × ${String(pixelVectors)} vectors need ${String(accumulators)} accumulators, more than ${String(MAXIMUM_ACCUMULATORS)}`
    : undefined;
}

/** Rows of pixels in a block by default: enough pixels to use a group of weights that is in the first cache well. */
const BLOCK_PIXELS = 128;

/** Convolution as matrix product over the padded image, pixels in vector lanes. */
export const spmm: KernelFamily<SpmmProblem, SpmmSchedule> = {
  name: 'spmm',
  defaultSchedule: ({ width, height, columns }) => ({
    groupRows: 4,
    pixelVectors: width <= 4 ? 1 : columns.kind === 'strips' && width > 8 ? 4 : 2,
    blockHeight: Math.max(1, Math.min(height, Math.floor(BLOCK_PIXELS / width))),
  }),
  refuse,
  lower,
};
