import type { Activation } from '@grim/ir';

import {
  add,
  float,
  integer,
  load,
  loadSplat,
  loadStrided,
  multiply,
  multiplyAdd,
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
 * Segments of 1 to `groupRows` rows that add to their rows; rows may occur in several segments. `counts[n − 1]` segments
 * have n rows; the stream holds the largest first. Each is its number of columns, its rows' byte offsets in the
 * output, and its columns' byte offsets in the input: rows pruned inside a block need no padding.
 */
export interface SegmentColumns {
  readonly kind: 'segments';
  readonly counts: readonly number[];
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
  readonly columns: AllColumns | GroupColumns | SegmentColumns;
  readonly bias: boolean;
  readonly activation?: Activation;
}

/** `groupRows` rows × `pixelVectors` vectors of four pixels in registers. */
export interface SpmmSchedule {
  readonly groupRows: 1 | 2 | 4 | 8;
  readonly pixelVectors: 1 | 2 | 3 | 4;
}

/** Most accumulators a schedule may ask for: x86-64 has 16 vector registers and some must hold operands. */
const MAXIMUM_ACCUMULATORS = 12;

interface Cursor {
  readonly weight: Variable;
  readonly index: Variable;
}

/** Emits the sums of `rows` rows over `count` columns for one tile; the cursor moves past what was read. */
function emitColumns(
  builder: KernelBuilder,
  problem: SpmmProblem,
  tile: { rows: number; vectors: number; source: Expression; count: Expression; cursor: Cursor },
): Variable[][] {
  const sums = Array.from({ length: tile.rows }, (_, row) =>
    Array.from({ length: tile.vectors }, (_, vector) =>
      builder.variable(`sum${String(row)}v${String(vector)}`, float(0)),
    ),
  );
  const { weight, index } = tile.cursor;
  builder.loop('column', { to: tile.count }, () => {
    const address = builder.declare('at', add(tile.source, load('i32', 'index', index)));
    const pixels = Array.from({ length: tile.vectors }, (_, vector) => {
      const offset = vector * 4 * problem.inputPixelStep;
      return builder.declare('x', loadStrided('input', address, offset, problem.inputPixelStep));
    });
    sums.forEach((vectors, row) => {
      const w = builder.declare('w', loadSplat('weights', weight, row * 4));
      vectors.forEach((sum, vector) => {
        const x = pixels[vector];
        if (x) builder.assign(sum, multiplyAdd(w, x, sum));
      });
    });
    builder.assign(weight, add(weight, integer(tile.rows * 4)));
    builder.assign(index, add(index, integer(4)));
  });
  return sums;
}

interface Tile {
  readonly source: Expression;
  readonly target: Expression;
  readonly pixels: number;
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

/** Consecutive groups: sums stay in registers from bias to activation. */
function emitGroups(
  builder: KernelBuilder,
  problem: SpmmProblem,
  schedule: SpmmSchedule,
  cursor: Cursor,
  tile: Tile,
): void {
  const vectors = Math.ceil(tile.pixels / 4);
  const { columns } = problem;
  const emitGroup = (row: Expression, rows: number): void => {
    let count: Expression;
    if (columns.kind === 'all') {
      count = integer(columns.columns);
      builder.assign(cursor.index, integer(0));
    } else {
      count = builder.declare('count', load('i32', 'index', cursor.index));
      builder.assign(cursor.index, add(cursor.index, integer(4)));
    }
    const sums = emitColumns(builder, problem, { rows, vectors, source: tile.source, count, cursor });
    sums.forEach((perVector, position) => {
      const channel = builder.declare('channel', add(row, integer(position)));
      const target = builder.declare(
        'target',
        add(tile.target, multiply(channel, integer(problem.outputChannelStep))),
      );
      const bias = problem.bias
        ? builder.declare('b', loadSplat('bias', multiply(channel, integer(4))))
        : undefined;
      perVector.forEach((sum, vector) => {
        const start = bias ? add(sum, bias) : sum;
        storePixels(builder, tile, target, vector, emitActivation(builder, problem.activation, start));
      });
    });
  };
  const whole = problem.rows - (problem.rows % schedule.groupRows);
  builder.loop('row', { to: whole, step: schedule.groupRows }, (row) => {
    emitGroup(row, schedule.groupRows);
  });
  if (problem.rows > whole) emitGroup(integer(whole), problem.rows - whole);
}

/** Segments: the output tile holds the sums between segments, first the bias, at the end the activation. */
function emitSegments(
  builder: KernelBuilder,
  problem: SpmmProblem,
  segments: SegmentColumns,
  cursor: Cursor,
  tile: Tile,
): void {
  const vectors = Math.ceil(tile.pixels / 4);
  const eachRow = (emit: (target: Expression, row: Expression) => void): void => {
    builder.loop('row', { to: problem.rows }, (row) => {
      emit(
        builder.declare('target', add(tile.target, multiply(row, integer(problem.outputChannelStep)))),
        row,
      );
    });
  };
  eachRow((target, row) => {
    const start = problem.bias
      ? builder.declare('b', loadSplat('bias', multiply(row, integer(4))))
      : float(0);
    for (let vector = 0; vector < vectors; vector++) storePixels(builder, tile, target, vector, start);
  });
  for (let rows = segments.counts.length; rows >= 1; rows--) {
    const many = segments.counts[rows - 1] ?? 0;
    if (many === 0) continue;
    builder.comment(`segments of ${String(rows)} row(s)`);
    builder.loop('segment', { to: many }, () => {
      const count = builder.declare('count', load('i32', 'index', cursor.index));
      const targets = Array.from({ length: rows }, (_, row) =>
        builder.declare('target', add(tile.target, load('i32', 'index', cursor.index, 4 + 4 * row))),
      );
      builder.assign(cursor.index, add(cursor.index, integer(4 + 4 * rows)));
      const sums = emitColumns(builder, problem, { rows, vectors, source: tile.source, count, cursor });
      sums.forEach((perVector, row) => {
        const target = targets[row];
        if (!target) return;
        perVector.forEach((sum, vector) => {
          const before = load('f32x4', 'output', target, vector * 16);
          storePixels(builder, tile, target, vector, add(sum, before));
        });
      });
    });
  }
  if (!problem.activation) return;
  eachRow((target) => {
    for (let vector = 0; vector < vectors; vector++) {
      const value = emitActivation(builder, problem.activation, load('f32x4', 'output', target, vector * 16));
      storePixels(builder, tile, target, vector, value);
    }
  });
}

function lower(problem: SpmmProblem, schedule: SpmmSchedule): ReturnType<KernelBuilder['build']> {
  const builder = new KernelBuilder();
  builder.buffer('input', 'read');
  builder.buffer('weights', 'read');
  builder.buffer('index', 'read');
  if (problem.bias) builder.buffer('bias', 'read');
  builder.buffer('output', problem.columns.kind === 'segments' ? 'readwrite' : 'write');
  const cursor = {
    weight: builder.variable('weight', integer(0)),
    index: builder.variable('entry', integer(0)),
  };
  const tilePixels = schedule.pixelVectors * 4;

  builder.loop('y', { to: problem.height }, (y) => {
    const sourceRow = builder.declare('sourceRow', multiply(y, integer(problem.inputRowStep)));
    const targetRow = builder.declare('targetRow', multiply(y, integer(problem.outputRowStep)));
    const emitTile = (x: Expression, pixels: number): void => {
      builder.assign(cursor.weight, integer(0));
      builder.assign(cursor.index, integer(0));
      const tile: Tile = {
        source: builder.declare('source', add(sourceRow, multiply(x, integer(problem.inputPixelStep)))),
        target: builder.declare('targetTile', add(targetRow, multiply(x, integer(4)))),
        pixels,
      };
      if (problem.columns.kind === 'segments') emitSegments(builder, problem, problem.columns, cursor, tile);
      else emitGroups(builder, problem, schedule, cursor, tile);
    };
    const whole = problem.width - (problem.width % tilePixels);
    builder.loop('x', { to: whole, step: tilePixels }, (x) => {
      emitTile(x, tilePixels);
    });
    const rest = problem.width - whole;
    if (rest > 0) {
      // The last tile may reach back over pixels already done: computing them twice is cheaper than lane stores.
      const wide = Math.ceil(rest / 4) * 4;
      if (wide <= problem.width) emitTile(integer(problem.width - wide), wide);
      else emitTile(integer(whole), rest);
    }
  });

  const { columns } = problem;
  const name = kernelName('spmm', {
    r: problem.rows,
    o: `${String(problem.height)}x${String(problem.width)}`,
    in: `${String(problem.inputRowStep)}.${String(problem.inputPixelStep)}`,
    out: `${String(problem.outputRowStep)}.${String(problem.outputChannelStep)}`,
    k: columns.kind === 'all' ? columns.columns : undefined,
    bcr: columns.kind === 'groups' ? 'groups' : undefined,
    segments: columns.kind === 'segments' ? columns.counts.join('.') : undefined,
    bias: problem.bias,
    act: activationName(problem.activation),
    t: `${String(schedule.groupRows)}x${String(schedule.pixelVectors)}`,
  });
  return builder.build(
    name,
    `${String(problem.rows)} rows × ${String(problem.height)}×${String(problem.width)} pixels, ${columns.kind === 'all' ? 'dense' : 'block sparse'}: ${String(schedule.groupRows)} rows × ${String(tilePixels)} pixels in registers`,
  );
}

/** Convolution as matrix product over the padded image, pixels in vector lanes. */
export const spmm: KernelFamily<SpmmProblem, SpmmSchedule> = {
  name: 'spmm',
  defaultSchedule: ({ width }) => ({ groupRows: 4, pixelVectors: width > 4 ? 2 : 1 }),
  refuse: (problem, schedule) => {
    const accumulators = schedule.groupRows * schedule.pixelVectors;
    if (accumulators > MAXIMUM_ACCUMULATORS) {
      return `${String(schedule.groupRows)} rows × ${String(schedule.pixelVectors)} vectors need ${String(accumulators)} accumulators, more than ${String(MAXIMUM_ACCUMULATORS)}`;
    }
    const { columns } = problem;
    return columns.kind === 'segments' && columns.counts.length > schedule.groupRows
      ? `segments of ${String(columns.counts.length)} rows do not fit groups of ${String(schedule.groupRows)}`
      : undefined;
  },
  lower,
};
