import { add, integer, load, multiply } from '../../kernel-ir/expressions.ts';
import { KernelBuilder } from '../../kernel-ir/kernel-builder.ts';
import type { Expression } from '../../kernel-ir/types.ts';
import { hasManyRegisters, mostAccumulators, type KernelTarget } from '../../target.ts';
import type { KernelFamily } from '../family.ts';
import { activationName, kernelName } from '../kernel-name.ts';
import { emitSharedColumns, type TilePart } from './emit-columns.ts';
import { emitRegisterTile } from './emit-register-tile.ts';
import { emitScratchTile } from './emit-scratch-tile.ts';
import { emitStripColumns } from './emit-strip-columns.ts';
import { sharedLoops } from './shared-loops.ts';
import type { SpmmProblem, SpmmSchedule } from './spmm-problem.ts';
import { forTiles, type Tile } from './tiles.ts';

function lower(problem: SpmmProblem, schedule: SpmmSchedule): ReturnType<KernelBuilder['build']> {
  const builder = new KernelBuilder();
  const { columns } = problem;
  builder.buffer('input', 'read');
  if (columns.kind === 'all') {
    builder.buffer('weights', 'read');
    builder.buffer('index', 'read');
  } else {
    builder.buffer('stream', 'read');
  }
  if (problem.bias) builder.buffer('bias', 'read');
  const scratch = spmmScratch(problem, schedule);
  if (scratch > 0) builder.scratch('scratch', scratch);
  builder.buffer('output', 'write');
  // Where the weights of the current group start, and where in them the current tile is.
  const start = builder.variable('start', integer(0));
  const cursor = builder.variable('cursor', integer(0));

  const emitGroup = (tile: Tile, firstRow: Expression, rows: number): void => {
    if (columns.kind === 'strips') {
      const strip = { firstRow, rows, subsets: columns.subsets, start, cursor };
      if (schedule.sums === 'scratch') {
        emitScratchTile(builder, problem, strip, tile);
        return;
      }
      const group = {
        firstRow,
        rows,
        output: (row: number) => load('i32', 'stream', start, 4 * row),
        emitColumns: (part: TilePart) => {
          emitStripColumns(builder, problem, strip, part, schedule.columnUnroll);
        },
      };
      emitRegisterTile(builder, problem, group, tile);
      return;
    }
    builder.assign(cursor, start);
    const walk = { columns: columns.columns, unroll: schedule.columnUnroll, weight: cursor };
    const group = {
      firstRow,
      rows,
      output: (row: number) => multiply(add(firstRow, integer(row)), integer(problem.outputChannelStep)),
      emitColumns: (part: TilePart) => {
        emitSharedColumns(builder, problem, part, walk);
      },
    };
    emitRegisterTile(builder, problem, group, tile);
  };
  const whole = problem.rows - (problem.rows % schedule.groupRows);
  const forGroups = (emit: (firstRow: Expression, rows: number) => void): void => {
    builder.assign(start, integer(0));
    const emitNext = (firstRow: Expression, rows: number): void => {
      emit(firstRow, rows);
      builder.assign(start, cursor);
    };
    builder.loop('row', { to: whole, step: schedule.groupRows }, (row) => {
      emitNext(row, schedule.groupRows);
    });
    if (problem.rows > whole) emitNext(integer(whole), problem.rows - whole);
  };

  builder.loop('blockY', { to: problem.height, step: schedule.blockHeight }, (firstY) => {
    if (schedule.loopOrder === 'rows') {
      forGroups((firstRow, rows) => {
        forTiles(builder, problem, schedule, firstY, (tile) => {
          emitGroup(tile, firstRow, rows);
        });
      });
    } else {
      forTiles(builder, problem, schedule, firstY, (tile) => {
        forGroups((firstRow, rows) => {
          emitGroup(tile, firstRow, rows);
        });
      });
    }
  });

  const name = kernelName('spmm', {
    r: problem.rows,
    o: `${String(problem.height)}x${String(problem.width)}`,
    in: `${String(problem.inputRowStep)}.${String(problem.inputPixelStep)}`,
    out: `${String(problem.outputRowStep)}.${String(problem.outputChannelStep)}`,
    k: columns.kind === 'all' ? columns.columns : undefined,
    bcr: columns.kind === 'strips',
    of: columns.kind === 'strips' ? columns.subsets.map((subset) => subset.toString(16)).join('') : undefined,
    bias: problem.bias,
    act: activationName(problem.activation),
    t: `${String(schedule.groupRows)}x${String(schedule.pixelVectors)}x${String(schedule.tileRows)}x${String(schedule.blockHeight)}x${schedule.loopOrder}x${String(schedule.blockColumns)}x${String(schedule.columnUnroll)}x${schedule.rowPruning}x${schedule.sums}`,
  });
  return builder.build(
    name,
    `${String(problem.rows)} rows × ${String(problem.height)}×${String(problem.width)} pixels, ${columns.kind === 'all' ? 'dense' : 'block sparse'}: ${String(schedule.groupRows)} rows × ${String(schedule.tileRows)}×${String(schedule.pixelVectors * 4)} pixels`,
  );
}

const needsScratch = ({ columns }: SpmmProblem, { sums }: SpmmSchedule): boolean =>
  columns.kind === 'strips' && sums === 'scratch';

/** Floats of scratch that a kernel needs: those of one tile, or none. */
export function spmmScratch(problem: SpmmProblem, schedule: SpmmSchedule): number {
  const { groupRows, tileRows, pixelVectors } = schedule;
  return needsScratch(problem, schedule) ? groupRows * tileRows * pixelVectors * 4 : 0;
}

function refuse(problem: SpmmProblem, schedule: SpmmSchedule, target: KernelTarget): string | undefined {
  const { columns } = problem;
  const { groupRows, pixelVectors, tileRows, blockHeight, blockColumns, columnUnroll, sums } = schedule;
  if (!Number.isInteger(blockHeight) || blockHeight < 1) {
    return `a block must be a whole number of rows of pixels, not ${String(blockHeight)}`;
  }
  if (blockHeight % tileRows !== 0) {
    return `a block of ${String(blockHeight)} rows of pixels does not hold whole tiles of ${String(tileRows)}`;
  }
  if (columns.kind === 'strips') {
    const tooWide = columns.subsets.find((subset) => subset >= 2 ** groupRows);
    if (tooWide !== undefined) {
      return `row subset ${String(tooWide)} does not fit groups of ${String(groupRows)}`;
    }
  }
  if (sums === 'scratch') {
    if (columns.kind === 'all') return 'a dense layer keeps its sums in registers, not in scratch';
    return columnUnroll === 1
      ? undefined
      : `sums in scratch take columns of a row subset one at a time, not ${String(columnUnroll)}`;
  }
  if (blockColumns > 0) return 'sums in registers take all columns at once, not in blocks';
  const accumulators = groupRows * pixelVectors * tileRows;
  const most = mostAccumulators(target);
  return accumulators > most
    ? `${String(groupRows)} rows × ${String(tileRows)} × ${String(pixelVectors)} vectors need ${String(accumulators)} accumulators, more than ${String(most)}`
    : undefined;
}

/** Pixels in a block by default: enough to use a group of weights that is in the first cache well. */
const BLOCK_PIXELS = 128;

/** Fewest rows of pixels in a block by default: neighbouring rows share most of their inputs. */
const BLOCK_ROWS = 4;

/**
 * Vectors of a tile by default where sums do not all stay in registers: strips that are too many for them keep their sums in memory
 * between row subsets.
 */
const SCRATCH_VECTORS = 8;

/** Vectors of a tile of a dense layer by default where registers are few. */
const DENSE_VECTORS = 2;

/** Columns of a block by default: their inputs under a tile take a third of the first cache. */
const BLOCK_COLUMNS = 64;

/** What a tile costs beside its vectors, in vectors: its loops, and the cache lines that its rows share with others. */
const tileOverhead = (tileRows: number): number => 0.25 + 0.5 * tileRows;

/** Columns per turn by default where registers are many: the turn of a loop is paid for by more products. */
const RICH_UNROLL = 4;

const tileWidths = [8, 7, 6, 5, 4, 3, 2, 1] as const;
const tileHeights = [1, 2, 4] as const;

/**
 * The tile of at most `vectors` vectors that computes fewest pixels twice or beyond the image; wide rather than high, since
 * neighbouring vectors share cache lines.
 */
function tileShape(
  height: number,
  width: number,
  vectors: number,
): Pick<SpmmSchedule, 'pixelVectors' | 'tileRows'> {
  const shapes = tileWidths.flatMap((pixelVectors) =>
    tileHeights
      .filter((tileRows) => tileRows * pixelVectors <= vectors)
      .map((tileRows) => ({ pixelVectors, tileRows })),
  );
  const cost = ({ pixelVectors, tileRows }: (typeof shapes)[number]): number => {
    const tiles = Math.ceil(width / (4 * pixelVectors)) * Math.ceil(height / tileRows);
    return tiles * (pixelVectors * tileRows + tileOverhead(tileRows));
  };
  return shapes.reduce((best, shape) => (cost(shape) < cost(best) ? shape : best));
}

function defaultSchedule({ width, height, columns }: SpmmProblem, target: KernelTarget): SpmmSchedule {
  const groupRows = 4;
  const isRich = hasManyRegisters(target);
  const sums = columns.kind === 'strips' && !isRich && !target.hasWorkItems ? 'scratch' : 'registers';
  const inRegisters = isRich ? Math.floor(mostAccumulators(target) / groupRows) : DENSE_VECTORS;
  const shape = tileShape(height, width, sums === 'scratch' ? SCRATCH_VECTORS : inRegisters);
  const wanted = Math.max(BLOCK_ROWS, Math.floor(BLOCK_PIXELS / width));
  const rows = Math.floor(wanted / shape.tileRows) * shape.tileRows;
  const allRows = Math.ceil(height / shape.tileRows) * shape.tileRows;
  return {
    groupRows,
    ...shape,
    blockHeight: Math.min(rows, allRows),
    loopOrder: 'rows',
    blockColumns: sums === 'scratch' ? BLOCK_COLUMNS : 0,
    columnUnroll: isRich ? RICH_UNROLL : 1,
    rowPruning: 'subsets',
    sums,
  };
}

/** Convolution as matrix product over the padded image, pixels in vector lanes. */
export const spmm: KernelFamily<SpmmProblem, SpmmSchedule> = {
  name: 'spmm',
  defaultSchedule,
  refuse,
  sharedLoops,
  lower,
};
