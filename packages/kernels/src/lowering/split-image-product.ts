import type { SpmmProblem, SpmmSchedule } from '../families/spmm/spmm-problem.ts';
import { spmm } from '../families/spmm/spmm.ts';
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
      // Tiles that suit the whole image may not suit a part of it; how the weights are packed stays.
      const schedule = hasOwnSchedule
        ? packed.schedule
        : { ...spmm.defaultSchedule(problem, target), groupRows: packed.schedule.groupRows };
      return { ...wholeImageProduct(packed), problem, schedule, firstY: first };
    },
  };
}

/** Groups or strips of rows, each with weights of its own. */
function byMatrixRows(packed: PackedSpmm): Division<ImageProductPart> {
  const { problem, schedule, data, groups } = packed;
  const { groupRows } = schedule;
  const [stream = new Int32Array(), ...index] = data;
  const words = runningSums(groups.map((group) => group.words));
  const stored = runningSums(groups.map((group) => group.stored));
  const wordsBefore = (unit: number): number => words[unit] ?? 0;
  const storedBefore = (unit: number): number => stored[unit] ?? 0;
  const part = ({ first, end }: UnitRange): ImageProductPart => {
    const firstRow = first * groupRows;
    return {
      problem: { ...problem, rows: Math.min(problem.rows, end * groupRows) - firstRow },
      schedule,
      data: [stream.subarray(wordsBefore(first), wordsBefore(end)), ...index],
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
