import { add, integer, multiply } from '../../kernel-ir/expressions.ts';
import { KernelBuilder } from '../../kernel-ir/kernel-builder.ts';
import type { Expression } from '../../kernel-ir/types.ts';
import { hasManyRegisters, mostAccumulators, type KernelTarget } from '../../target.ts';
import type { KernelFamily } from '../family.ts';
import { floatsOf, hasHalves } from '../floats.ts';
import { activationName, kernelName } from '../kernel-name.ts';
import { emitSharedColumns, type TilePart } from './emit-columns.ts';
import { emitPanels, panelScratch } from './emit-panels.ts';
import { emitRegisterTile } from './emit-register-tile.ts';
import { emitStripColumns } from './emit-strip-columns.ts';
import { emitSubsets } from './emit-subsets.ts';
import { forGroups } from './for-groups.ts';
import { isWorthPanels } from './is-worth-panels.ts';
import { panelLayout, panelRows } from './panel-layout.ts';
import { passVectors } from './pass-vectors.ts';
import { sharedLoops } from './shared-loops.ts';
import type { SpmmProblem, SpmmSchedule } from './spmm-problem.ts';
import type { Strip } from './strip.ts';
import { finishSums, startSums, stripOutput } from './strip-sums.ts';
import { forTiles, type Tile } from './tiles.ts';

/** A tile of a strip that reads its inputs where they are. */
function emitStripTile(
  builder: KernelBuilder,
  problem: SpmmProblem,
  { columnUnroll, sums }: SpmmSchedule,
  strip: Strip,
  tile: Tile,
): void {
  if (sums === 'registers') {
    const group = {
      ...strip,
      output: (row: number) => stripOutput(strip, row),
      emitColumns: (part: TilePart) => {
        emitStripColumns(builder, strip, part, columnUnroll);
      },
    };
    emitRegisterTile(builder, problem, group, tile);
    return;
  }
  const address = integer(0);
  startSums(builder, problem, strip, address, tile);
  emitSubsets(builder, strip, address, tile);
  finishSums(builder, problem, strip, address, tile);
}

/** Blocks of whole rows of pixels, whose inputs are read where they are. */
function emitInPlace(builder: KernelBuilder, problem: SpmmProblem, schedule: SpmmSchedule): void {
  const { rows, columns, outputChannelStep } = problem;
  // Where the weights of the current group start, and where in them the current tile is.
  const start = builder.variable('start', integer(0));
  const cursor = builder.variable('cursor', integer(0));
  const emitGroup = (tile: Tile, firstRow: Expression, groupRows: number): void => {
    if (columns.kind === 'strips') {
      const strip = { firstRow, rows: groupRows, subsets: columns.subsets, start, cursor };
      emitStripTile(builder, problem, schedule, strip, tile);
      return;
    }
    builder.assign(cursor, start);
    const walk = { columns: columns.columns, unroll: schedule.columnUnroll, weight: cursor };
    const group = {
      firstRow,
      rows: groupRows,
      output: (row: number) => multiply(add(firstRow, integer(row)), integer(outputChannelStep)),
      emitColumns: (part: TilePart) => {
        emitSharedColumns(builder, part, walk);
      },
    };
    emitRegisterTile(builder, problem, group, tile);
  };
  const forAllGroups = (emit: (firstRow: Expression, rows: number) => void): void => {
    builder.assign(start, integer(0));
    forGroups(builder, rows, schedule.groupRows, (firstRow, groupRows) => {
      emit(firstRow, groupRows);
      builder.assign(start, cursor);
    });
  };
  builder.loop('blockY', { to: problem.height, step: schedule.blockHeight }, (firstY) => {
    if (schedule.loopOrder === 'rows') {
      forAllGroups((firstRow, groupRows) => {
        forTiles(builder, problem, schedule, firstY, (tile) => {
          emitGroup(tile, firstRow, groupRows);
        });
      });
    } else {
      forTiles(builder, problem, schedule, firstY, (tile) => {
        forAllGroups((firstRow, groupRows) => {
          emitGroup(tile, firstRow, groupRows);
        });
      });
    }
  });
}

/** The part of a kernel name that states what is copied to panels. */
function windowName({ window }: SpmmProblem): string {
  const { channels, channelStep, rowStep, pixelStep, height, width } = window;
  return [channels, channelStep, rowStep, pixelStep, `${String(height)}x${String(width)}`]
    .map(String)
    .join('.');
}

function lower(problem: SpmmProblem, schedule: SpmmSchedule): ReturnType<KernelBuilder['build']> {
  const builder = new KernelBuilder();
  const { columns } = problem;
  const usesPanels = columns.kind === 'strips' && schedule.panelChannels > 0;
  builder.buffer('input', 'read');
  if (columns.kind === 'all') {
    builder.buffer('weights', 'read');
    builder.buffer('index', 'read');
  } else {
    builder.buffer('stream', 'read');
  }
  if (problem.bias) builder.buffer('bias', 'read');
  const scratch = spmmScratch(problem, schedule);
  if (scratch > 0) builder.scratch('scratch', scratch * floatsOf(problem.element).bytes);
  builder.buffer('output', 'write');
  if (usesPanels) emitPanels(builder, problem, columns, schedule);
  else emitInPlace(builder, problem, schedule);

  const name = kernelName('spmm', {
    f16: hasHalves(problem),
    r: problem.rows,
    o: `${String(problem.height)}x${String(problem.width)}`,
    in: `${String(problem.inputRowStep)}.${String(problem.inputPixelStep)}`,
    out: `${String(problem.outputRowStep)}.${String(problem.outputChannelStep)}`,
    k: columns.kind === 'all' ? columns.columns : undefined,
    bcr: columns.kind === 'strips',
    of: columns.kind === 'strips' ? columns.subsets.map((subset) => subset.toString(16)).join('') : undefined,
    win: usesPanels ? windowName(problem) : undefined,
    bias: problem.bias,
    act: activationName(problem.activation),
    t: `${String(schedule.groupRows)}x${String(schedule.pixelVectors)}x${String(schedule.tileRows)}x${String(schedule.blockHeight)}x${schedule.loopOrder}x${String(schedule.panelChannels)}x${String(schedule.columnUnroll)}x${schedule.rowPruning}x${schedule.sums}`,
  });
  return builder.build(
    name,
    `${String(problem.rows)} rows × ${String(problem.height)}×${String(problem.width)} pixels, ${columns.kind === 'all' ? 'dense' : 'block sparse'}: ${String(schedule.groupRows)} rows × ${String(schedule.tileRows)}×${String(schedule.pixelVectors * floatsOf(problem.element).lanes)} pixels`,
  );
}

const needsScratch = ({ columns }: SpmmProblem, { sums }: SpmmSchedule): boolean =>
  columns.kind === 'strips' && sums === 'scratch';

/** Elements of scratch memory that a kernel needs, if any. */
export function spmmScratch(problem: SpmmProblem, schedule: SpmmSchedule): number {
  const { groupRows, tileRows, pixelVectors, panelChannels } = schedule;
  if (!needsScratch(problem, schedule)) return 0;
  const { lanes } = floatsOf(problem.element);
  return panelChannels > 0 ? panelScratch(problem, schedule) : groupRows * tileRows * pixelVectors * lanes;
}

function refuse(problem: SpmmProblem, schedule: SpmmSchedule, target: KernelTarget): string | undefined {
  const { columns } = problem;
  const { groupRows, pixelVectors, tileRows, blockHeight, panelChannels, columnUnroll, sums } = schedule;
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
  if (panelChannels > 0) return 'sums in registers are of inputs in place, not in panels';
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
 * Vectors of a tile by default where sums of a strip are too many for registers and stay in memory between row subsets: as many as
 * one pass over the columns of a lone row takes.
 */
const SCRATCH_VECTORS = passVectors(1);

/** Rows of a strip by default. */
const STRIP_ROWS = 4;

/** Vectors of a tile up to which a lone row waits for its sums. */
const LONE_VECTORS = 4;

/**
 * Rows of a strip by default where sums are in memory. Two rows have three lists instead of fifteen, each longer, but more columns
 * of a lone row: those take a wide tile to keep the processor busy. Subsets that are given need strips of their own height.
 */
function scratchRows(
  { columns }: SpmmProblem,
  { pixelVectors, tileRows }: Pick<SpmmSchedule, 'pixelVectors' | 'tileRows'>,
): SpmmSchedule['groupRows'] {
  const largest = columns.kind === 'strips' ? Math.max(0, ...columns.subsets) : 0;
  if (largest >= 2 ** STRIP_ROWS) return 8;
  return pixelVectors * tileRows > LONE_VECTORS && largest < 4 ? 2 : STRIP_ROWS;
}

/** Vectors of a tile of a dense layer by default where registers are few. */
const DENSE_VECTORS = 2;

/** Bytes of a panel under a tile by default: what the first cache holds beside weights and sums. */
const PANEL_BYTES = 36 * 1024;

/** Most rows of pixels over a panel by default. */
const PANEL_ROWS = 8;

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
  lanes: number,
  vectors: number,
): Pick<SpmmSchedule, 'pixelVectors' | 'tileRows'> {
  const shapes = tileWidths.flatMap((pixelVectors) =>
    tileHeights
      .filter((tileRows) => tileRows * pixelVectors <= vectors)
      .map((tileRows) => ({ pixelVectors, tileRows })),
  );
  const cost = ({ pixelVectors, tileRows }: (typeof shapes)[number]): number => {
    const tiles = Math.ceil(width / (lanes * pixelVectors)) * Math.ceil(height / tileRows);
    return tiles * (pixelVectors * tileRows + tileOverhead(tileRows));
  };
  return shapes.reduce((best, shape) => (cost(shape) < cost(best) ? shape : best));
}

/** Channels of a panel: as many as the first cache holds under one tile, spread evenly; 0 where inputs are used too seldom. */
function panelChannels(problem: SpmmProblem, tile: Pick<SpmmSchedule, 'pixelVectors' | 'tileRows'>): number {
  const { window } = problem;
  if (!isWorthPanels(problem)) return 0;
  const layout = panelLayout(problem, { ...tile, panelChannels: 1 });
  const channelBytes = panelRows(layout, window, tile.tileRows) * layout.rowStep;
  const fitting = Math.max(1, Math.floor(PANEL_BYTES / channelBytes));
  return Math.ceil(window.channels / Math.ceil(window.channels / fitting));
}

/** Rows of pixels over a panel: the most of which whole blocks cover the image with fewest pixels computed twice. */
export function panelHeight(height: number, tileRows: number): number {
  const candidates = Array.from(
    { length: Math.floor(PANEL_ROWS / tileRows) },
    (_, index) => (index + 1) * tileRows,
  );
  const computed = (rows: number): number => Math.ceil(height / rows) * rows;
  return candidates.reduce((best, rows) => (computed(rows) <= computed(best) ? rows : best), tileRows);
}

function defaultSchedule(problem: SpmmProblem, target: KernelTarget): SpmmSchedule {
  const { width, height, columns } = problem;
  const { lanes } = floatsOf(problem.element);
  const isRich = hasManyRegisters(target);
  const sums = columns.kind === 'strips' && !isRich && !target.hasWorkItems ? 'scratch' : 'registers';
  const inRegisters = isRich ? Math.floor(mostAccumulators(target) / STRIP_ROWS) : DENSE_VECTORS;
  const shape = tileShape(height, width, lanes, sums === 'scratch' ? SCRATCH_VECTORS : inRegisters);
  const common = {
    groupRows: sums === 'scratch' ? scratchRows(problem, shape) : STRIP_ROWS,
    ...shape,
    columnUnroll: isRich ? RICH_UNROLL : 1,
    rowPruning: 'subsets',
    sums,
  } as const;
  const channels = sums === 'scratch' ? panelChannels(problem, shape) : 0;
  if (channels > 0) {
    const blockHeight = panelHeight(height, shape.tileRows);
    return { ...common, blockHeight, loopOrder: 'tiles', panelChannels: channels };
  }
  const wanted = Math.max(BLOCK_ROWS, Math.floor(BLOCK_PIXELS / width));
  const rows = Math.floor(wanted / shape.tileRows) * shape.tileRows;
  const allRows = Math.ceil(height / shape.tileRows) * shape.tileRows;
  return { ...common, blockHeight: Math.min(rows, allRows), loopOrder: 'rows', panelChannels: 0 };
}

/** Convolution as matrix product over the padded image, pixels in vector lanes. */
export const spmm: KernelFamily<SpmmProblem, SpmmSchedule> = {
  name: 'spmm',
  defaultSchedule,
  refuse,
  sharedLoops,
  lower,
};
