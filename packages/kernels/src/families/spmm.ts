import type { Activation } from '@grim/ir';

import {
  add,
  compare,
  float,
  integer,
  load,
  loadSplat,
  loadStrided,
  multiply,
  multiplyAdd,
  select,
} from '../kernel-ir/expressions.ts';
import { KernelBuilder, type Variable } from '../kernel-ir/kernel-builder.ts';
import type { Expression } from '../kernel-ir/types.ts';
import { emitActivation } from '../math/activation.ts';
import type { KernelFamily } from './family.ts';
import { activationName, kernelName } from './kernel-name.ts';
import { storeLanes } from './store-lanes.ts';

/** Every group of rows uses all columns: one list of byte offsets serves them all. */
export interface AllColumns {
  readonly kind: 'all';
  readonly columns: number;
}

/** Consecutive groups of rows, each with its own number of columns and list of byte offsets. */
export interface GroupColumns {
  readonly kind: 'groups';
}

/**
 * Strips of `groupRows` rows whose columns are sorted by the subset of the strip's rows that use them, so that rows pruned
 * inside a block need no padding. Per strip the index holds the byte offset of each of its rows in the output, then for each of
 * `subsets` the number of its columns and their byte offsets in the input.
 */
export interface StripColumns {
  readonly kind: 'strips';
  /** Row subsets that occur, as bit masks over the rows of a strip (bit r is row r), in the order of the stream. */
  readonly subsets: readonly number[];
}

/**
 * Convolution as a sparse matrix times the padded image, without im2col: a column of the matrix (input channel ×
 * kernel position) is one byte offset into the channels-first input with a halo, so that four neighbouring outputs
 * are one vector load and a multiply-add (paper, section IV).
 *
 * `y[row][oy][ox] = activation(bias[row] + Σ_column w[row][column] · x[oy·inputRowStep + ox·inputPixelStep + offset(column)])`.
 */
export interface SpmmProblem {
  readonly rows: number;
  readonly height: number;
  readonly width: number;
  /** Bytes between the inputs of two output rows of pixels. */
  readonly inputRowStep: number;
  /** Bytes between the inputs of two neighbouring output pixels. */
  readonly inputPixelStep: number;
  /** Bytes between two rows of pixels in the output. */
  readonly outputRowStep: number;
  /** Bytes between two output channels. */
  readonly outputChannelStep: number;
  readonly columns: AllColumns | GroupColumns | StripColumns;
  readonly bias: boolean;
  readonly activation?: Activation;
}

/** `groupRows` rows × `pixelVectors` vectors of four pixels at a time, over blocks of `blockHeight` rows of pixels. */
export interface SpmmSchedule {
  readonly groupRows: 1 | 2 | 4 | 8;
  readonly pixelVectors: 1 | 2 | 3 | 4;
  /** Rows of pixels that one group of weights is applied to before the next group: weights stay in the first cache. */
  readonly blockHeight: number;
}

/** Most accumulators a schedule may ask for: x86-64 has 16 vector registers and some must hold operands. */
const MAXIMUM_ACCUMULATORS = 12;

/** Most accumulators of a row subset; wider tiles are computed in parts. */
const SUBSET_ACCUMULATORS = 8;

interface Cursor {
  readonly weight: Variable;
  readonly index: Variable;
}

/** A piece of one row of output pixels. */
interface Tile {
  readonly source: Expression;
  readonly target: Expression;
  readonly pixels: number;
}

/** Emits the sums of some rows over `count` columns; the cursor moves past what was read. */
function emitColumns(
  builder: KernelBuilder,
  problem: SpmmProblem,
  part: { sums: Variable[][]; firstVector: number; source: Expression; count: Expression; cursor: Cursor },
): void {
  const { weight, index } = part.cursor;
  const vectors = part.sums[0]?.length ?? 0;
  builder.loop('column', { to: part.count }, () => {
    const address = builder.declare('at', add(part.source, load('i32', 'index', index)));
    const pixels = Array.from({ length: vectors }, (_, vector) => {
      const offset = (part.firstVector + vector) * 4 * problem.inputPixelStep;
      return builder.declare('x', loadStrided('input', address, offset, problem.inputPixelStep));
    });
    part.sums.forEach((perVector, row) => {
      const w = builder.declare('w', loadSplat('weights', weight, row * 4));
      perVector.forEach((sum, vector) => {
        const x = pixels[vector];
        if (x) builder.assign(sum, multiplyAdd(w, x, sum));
      });
    });
    builder.assign(weight, add(weight, integer(part.sums.length * 4)));
    builder.assign(index, add(index, integer(4)));
  });
}

function storePixels(
  builder: KernelBuilder,
  tile: Tile,
  address: Expression,
  vector: number,
  value: Expression,
): void {
  storeLanes(builder, 'output', address, vector * 16, value, Math.min(4, tile.pixels - vector * 4));
}

/** A tile of a group: sums stay in registers from bias to activation. */
function emitGroupTile(
  builder: KernelBuilder,
  problem: SpmmProblem,
  group: { firstRow: Expression; rows: number; count: Expression; cursor: Cursor },
  tile: Tile,
): void {
  const vectors = Math.ceil(tile.pixels / 4);
  const sums = Array.from({ length: group.rows }, (_, row) => {
    const channel = builder.declare('channel', add(group.firstRow, integer(row)));
    const start = problem.bias
      ? builder.declare('b', loadSplat('bias', multiply(channel, integer(4))))
      : float(0);
    return Array.from({ length: vectors }, (_, vector) =>
      builder.variable(`sum${String(row)}v${String(vector)}`, start),
    );
  });
  emitColumns(builder, problem, {
    sums,
    firstVector: 0,
    source: tile.source,
    count: group.count,
    cursor: group.cursor,
  });
  sums.forEach((perVector, row) => {
    const channel = add(group.firstRow, integer(row));
    const target = builder.declare(
      'target',
      add(tile.target, multiply(channel, integer(problem.outputChannelStep))),
    );
    perVector.forEach((sum, vector) => {
      storePixels(builder, tile, target, vector, emitActivation(builder, problem.activation, sum));
    });
  });
}

const rowsOfSubset = (subset: number, rows: number): number[] =>
  Array.from({ length: rows }, (_, row) => row).filter((row) => (subset >> row) & 1);

/** A tile of a strip: its sums wait in a small scratch tile while one subset of rows after the other adds to them. */
function emitStripTile(
  builder: KernelBuilder,
  problem: SpmmProblem,
  strip: { firstRow: Expression; rows: number; subsets: readonly number[]; start: Variable; cursor: Cursor },
  tile: Tile,
): void {
  const { cursor, rows } = strip;
  const vectors = Math.ceil(tile.pixels / 4);
  const rowBytes = vectors * 16;
  const zero = integer(0);
  for (let row = 0; row < rows; row++) {
    const biasByte = multiply(add(strip.firstRow, integer(row)), integer(4));
    const start = problem.bias ? builder.declare('b', loadSplat('bias', biasByte)) : float(0);
    for (let vector = 0; vector < vectors; vector++) {
      builder.store('scratch', zero, row * rowBytes + vector * 16, start);
    }
  }
  builder.assign(cursor.index, add(strip.start, integer(4 * rows)));
  for (const subset of strip.subsets) {
    const members = rowsOfSubset(subset, rows);
    if (members.length === 0) continue;
    builder.comment(`columns of row(s) ${members.join(', ')}`);
    const count = builder.declare('count', load('i32', 'index', cursor.index));
    builder.assign(cursor.index, add(cursor.index, integer(4)));
    const width = Math.max(1, Math.min(vectors, Math.floor(SUBSET_ACCUMULATORS / members.length)));
    builder.branch(count, () => {
      const weightStart = builder.variable('weightOfSubset', cursor.weight);
      const indexStart = builder.variable('indexOfSubset', cursor.index);
      for (let first = 0; first < vectors; first += width) {
        if (first > 0) {
          builder.assign(cursor.weight, weightStart);
          builder.assign(cursor.index, indexStart);
        }
        const length = Math.min(width, vectors - first);
        const place = (member: number, vector: number): number =>
          (members[member] ?? 0) * rowBytes + (first + vector) * 16;
        const sums = members.map((_, member) =>
          Array.from({ length }, (_, vector) =>
            builder.variable('sum', load('f32x4', 'scratch', zero, place(member, vector))),
          ),
        );
        emitColumns(builder, problem, { sums, firstVector: first, source: tile.source, count, cursor });
        sums.forEach((perVector, member) => {
          perVector.forEach((sum, vector) => {
            builder.store('scratch', zero, place(member, vector), sum);
          });
        });
      }
    });
  }
  for (let row = 0; row < rows; row++) {
    const target = builder.declare('target', add(tile.target, load('i32', 'index', strip.start, 4 * row)));
    for (let vector = 0; vector < vectors; vector++) {
      const sum = load('f32x4', 'scratch', zero, row * rowBytes + vector * 16);
      storePixels(builder, tile, target, vector, emitActivation(builder, problem.activation, sum));
    }
  }
}

/** Calls `emit` for the tiles of the rows of pixels from `firstY` on. */
function forTiles(
  builder: KernelBuilder,
  problem: SpmmProblem,
  schedule: SpmmSchedule,
  firstY: Expression,
  emit: (tile: Tile) => void,
): void {
  const tilePixels = schedule.pixelVectors * 4;
  const single = schedule.blockHeight === 1 || problem.height === 1;
  const lastRow = (): Expression => {
    const afterBlock = builder.declare('afterBlock', add(firstY, integer(schedule.blockHeight)));
    if (problem.height % schedule.blockHeight === 0) return afterBlock;
    const height = integer(problem.height);
    return builder.declare('lastY', select(compare('lt', afterBlock, height), afterBlock, height));
  };
  const emitRow = (y: Expression): void => {
    const sourceRow = builder.declare('sourceRow', multiply(y, integer(problem.inputRowStep)));
    const targetRow = builder.declare('targetRow', multiply(y, integer(problem.outputRowStep)));
    const emitTile = (x: Expression, pixels: number): void => {
      emit({
        source: builder.declare('source', add(sourceRow, multiply(x, integer(problem.inputPixelStep)))),
        target: builder.declare('targetTile', add(targetRow, multiply(x, integer(4)))),
        pixels,
      });
    };
    const whole = problem.width - (problem.width % tilePixels);
    builder.loop('x', { to: whole, step: tilePixels }, (x) => {
      emitTile(x, tilePixels);
    });
    const rest = problem.width - whole;
    if (rest === 0) return;
    // The last tile may reach back over pixels already done: computing them twice is cheaper than lane stores.
    const wide = Math.ceil(rest / 4) * 4;
    if (wide <= problem.width) emitTile(integer(problem.width - wide), wide);
    else emitTile(integer(whole), rest);
  };
  if (single) emitRow(firstY);
  else builder.loop('y', { from: firstY, to: lastRow() }, emitRow);
}

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
