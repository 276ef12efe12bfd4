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
  if (columns.kind === 'all') {
    builder.buffer('weights', 'read');
    builder.buffer('index', 'read');
  } else {
    builder.buffer('stream', 'read');
  }
  if (problem.bias) builder.buffer('bias', 'read');
  if (columns.kind === 'strips') builder.buffer('scratch', 'readwrite');
  builder.buffer('output', 'write');
  // Where the weights of the current group start, and where in them the current tile is.
  const start = builder.variable('start', integer(0));
  const cursor = builder.variable('cursor', integer(0));

  const emitGroup = (firstY: Expression, firstRow: Expression, rows: number): void => {
    const bytes =
      columns.kind === 'groups' ? builder.declare('bytes', load('i32', 'stream', start)) : integer(0);
    forTiles(builder, problem, schedule, firstY, (tile) => {
      if (columns.kind === 'strips') {
        const strip = { firstRow, rows, subsets: columns.subsets, start, cursor };
        emitStripTile(builder, problem, strip, tile);
        return;
      }
      builder.assign(cursor, columns.kind === 'groups' ? add(start, integer(4)) : start);
      const walk =
        columns.kind === 'all'
          ? ({ kind: 'shared', columns: columns.columns, weight: cursor } as const)
          : ({ kind: 'stream', cursor, bytes } as const);
      emitGroupTile(builder, problem, { firstRow, rows, walk }, tile);
    });
    builder.assign(start, cursor);
  };

  builder.loop('blockY', { to: problem.height, step: schedule.blockHeight }, (firstY) => {
    builder.assign(start, integer(0));
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
    t: `${String(schedule.groupRows)}x${String(schedule.pixelVectors)}x${String(schedule.tileRows)}x${String(schedule.blockHeight)}`,
  });
  return builder.build(
    name,
    `${String(problem.rows)} rows × ${String(problem.height)}×${String(problem.width)} pixels, ${columns.kind === 'all' ? 'dense' : 'block sparse'}: ${String(schedule.groupRows)} rows × ${String(schedule.tileRows)}×${String(schedule.pixelVectors * 4)} pixels`,
  );
}

/** Floats of scratch that a strip tile needs. */
export function stripScratch(schedule: SpmmSchedule): number {
  return schedule.groupRows * schedule.tileRows * schedule.pixelVectors * 4;
}

function refuse(problem: SpmmProblem, schedule: SpmmSchedule): string | undefined {
  const { columns } = problem;
  const { groupRows, pixelVectors, tileRows, blockHeight } = schedule;
  if (!Number.isInteger(blockHeight) || blockHeight < 1) {
    return `a block must be a whole number of rows of pixels, not ${String(blockHeight)}`;
  }
  if (blockHeight % tileRows !== 0) {
    return `a block of ${String(blockHeight)} rows of pixels does not hold whole tiles of ${String(tileRows)}`;
  }
  if (columns.kind === 'strips') {
    const tooWide = columns.subsets.find((subset) => subset >= 2 ** groupRows);
    return tooWide === undefined
      ? undefined
      : `row subset ${String(tooWide)} does not fit groups of ${String(groupRows)}`;
  }
  const accumulators = groupRows * pixelVectors * tileRows;
  return accumulators > MAXIMUM_ACCUMULATORS
    ? `${String(groupRows)} rows × ${String(tileRows)} × ${String(pixelVectors)} vectors need ${String(accumulators)} accumulators, more than ${String(MAXIMUM_ACCUMULATORS)}`
    : undefined;
}

/** Pixels in a block by default: enough to use a group of weights that is in the first cache well. */
const BLOCK_PIXELS = 128;

/** Vectors of a tile by default: strips keep their sums in memory between row subsets, groups in registers. */
const TILE_VECTORS = { all: 2, groups: 2, strips: 8 } as const;

/**
 * The tile with the wanted number of vectors whose shape covers the image with the fewest pixels beyond it; wide ones
 * first, since neighbouring vectors share cache lines.
 */
function tileShape(
  height: number,
  width: number,
  vectors: 2 | 8,
): Pick<SpmmSchedule, 'pixelVectors' | 'tileRows'> {
  const shapes = ([4, 2, 1] as const).flatMap((pixelVectors) =>
    ([1, 2, 4] as const)
      .filter((tileRows) => tileRows * pixelVectors === vectors)
      .map((tileRows) => ({ pixelVectors, tileRows })),
  );
  const tiles = ({ pixelVectors, tileRows }: (typeof shapes)[number]): number =>
    Math.ceil(Math.ceil(width / 4) / pixelVectors) * Math.ceil(height / tileRows);
  return shapes.reduce((best, shape) => (tiles(shape) < tiles(best) ? shape : best));
}

function defaultSchedule({ width, height, columns }: SpmmProblem): SpmmSchedule {
  const shape = tileShape(height, width, TILE_VECTORS[columns.kind]);
  const rows = Math.max(1, Math.floor(BLOCK_PIXELS / width / shape.tileRows)) * shape.tileRows;
  const allRows = Math.ceil(height / shape.tileRows) * shape.tileRows;
  return { groupRows: 4, ...shape, blockHeight: Math.min(rows, allRows) };
}

/** Convolution as matrix product over the padded image, pixels in vector lanes. */
export const spmm: KernelFamily<SpmmProblem, SpmmSchedule> = {
  name: 'spmm',
  defaultSchedule,
  refuse,
  lower,
};
