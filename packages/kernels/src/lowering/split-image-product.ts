import type { SpmmProblem, SpmmSchedule } from '../families/spmm/spmm-problem.ts';
import { panelHeight, spmm } from '../families/spmm/spmm.ts';
import type { KernelTarget } from '../target.ts';
import type { PackedSpmm } from './pack-spmm.ts';
import { runningSums } from './running-sums.ts';
import { splitWork, type Division, type Sharing, type UnitRange } from './split-work.ts';

/** Some of the results of a convolution. */
export interface ImageProductPart {
  readonly problem: SpmmProblem;
  readonly schedule: SpmmSchedule;
  /** As in {@link PackedSpmm}. */
  readonly data: readonly (Float32Array | Int32Array)[];
  /** First row of the matrix in the order of computation. */
  readonly firstRow: number;
  /** Row of the matrix that the output starts with. */
  readonly outputRow: number;
  /** First row of pixels. */
  readonly firstY: number;
  /** Multiply-adds per pixel. */
  readonly stored: number;
}

/** All of a convolution as one part. */
export function wholeImageProduct({ problem, schedule, data, stored }: PackedSpmm): ImageProductPart {
  return { problem, schedule, data, firstRow: 0, outputRow: 0, firstY: 0, stored };
}

/**
 * Tiles and blocks that suit a part of an image. How the weights are packed stays, and so does all that it depends on: with
 * panels the width of a tile.
 */
function scheduleOfPart(problem: SpmmProblem, whole: SpmmSchedule, target: KernelTarget): SpmmSchedule {
  if (whole.panelChannels > 0) {
    return { ...whole, blockHeight: panelHeight(problem.height, whole.tileRows) };
  }
  const { groupRows, panelChannels } = whole;
  return { ...spmm.defaultSchedule(problem, target), groupRows, panelChannels };
}

/** Rows of pixels, which all need all weights. */
function byPixelRows(
  packed: PackedSpmm,
  hasOwnSchedule: boolean,
  target: KernelTarget,
): Division<ImageProductPart> {
  return {
    units: packed.problem.height,
    part: ({ first, end }) => {
      const problem = { ...packed.problem, height: end - first };
      const schedule = hasOwnSchedule ? packed.schedule : scheduleOfPart(problem, packed.schedule, target);
      return { ...wholeImageProduct(packed), problem, schedule, firstY: first };
    },
  };
}

/** Words one after the other. */
function concatenate(pieces: readonly (Float32Array | Int32Array)[]): Int32Array {
  const all = new Int32Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const { buffer, byteOffset, length } of pieces) {
    all.set(new Int32Array(buffer, byteOffset, length), at);
    at += length;
  }
  return all;
}

/** Groups or strips of rows, each with weights of its own. */
function byMatrixRows(packed: PackedSpmm): Division<ImageProductPart> {
  const { problem, schedule, data, groups } = packed;
  const { groupRows } = schedule;
  const [packedRows = new Int32Array(), ...index] = data;
  const stored = runningSums(groups.map((group) => group.stored));
  const storedBefore = (unit: number): number => stored[unit] ?? 0;
  const sections = (groups[0]?.words ?? []).map((_, section) =>
    runningSums(groups.map(({ words }) => words[section] ?? 0)),
  );
  const rowsOf = ({ first, end }: UnitRange): Float32Array | Int32Array => {
    let start = 0;
    const pieces = sections.map((before) => {
      const piece = packedRows.subarray(start + (before[first] ?? 0), start + (before[end] ?? 0));
      start += before.at(-1) ?? 0;
      return piece;
    });
    const [piece = packedRows] = pieces;
    return pieces.length === 1 ? piece : concatenate(pieces);
  };
  const part = ({ first, end }: UnitRange): ImageProductPart => {
    const firstRow = first * groupRows;
    return {
      problem: { ...problem, rows: Math.min(problem.rows, end * groupRows) - firstRow },
      schedule,
      data: [rowsOf({ first, end }), ...index],
      firstRow,
      outputRow: problem.columns.kind === 'strips' ? 0 : firstRow,
      firstY: 0,
      stored: storedBefore(end) - storedBefore(first),
    };
  };
  return { units: groups.length, workBefore: storedBefore, part };
}

/**
 * Divides a convolution for threads, so that every result has the bits it has in one call: by rows of pixels, or by rows of
 * the matrix where the image is too low for that. All of it when it is small.
 *
 * @param hasOwnSchedule - Whether the schedule was asked for, so that parts keep it.
 */
export function splitImageProduct(
  packed: PackedSpmm,
  hasOwnSchedule: boolean,
  target: KernelTarget,
  sharing: Sharing,
): ImageProductPart[] {
  const { problem, stored } = packed;
  if (sharing.threads === 1) return [wholeImageProduct(packed)];
  const parts = splitWork(
    [byPixelRows(packed, hasOwnSchedule, target), byMatrixRows(packed)],
    (stored * problem.height * problem.width) / 2,
    sharing,
  );
  return parts.length > 0 ? parts : [wholeImageProduct(packed)];
}
