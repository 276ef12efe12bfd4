import { lowerKernel, type KernelFamily, type SharedLoop } from '../families/family.ts';
import type { ScheduleDescription } from '../families/schedule-description.ts';
import { gridKernel, type GridKernel, type GridOptions } from '../grid/grid-kernel.ts';
import { leastTarget, type KernelTarget } from '../target.ts';
import type { Kernel } from '../kernel-ir/types.ts';

/** Contents of a buffer parameter. */
export type BufferContents = Float32Array | Int32Array | Uint16Array;

/** A kernel with contents for its buffers and what it has to write: one line of a family's tests. */
export interface KernelCase {
  /** What is special about this case. */
  readonly name: string;
  readonly kernel: Kernel;
  /** The choices that the kernel was lowered with; none where the problem leaves none. */
  readonly schedule: object;
  /** The loops that threads or work-items can share. */
  readonly loops: readonly SharedLoop[];
  /** The kernel as work-items share it. */
  readonly grid: (options: GridOptions) => GridKernel;
  /** Contents per buffer before the call; every buffer parameter has an entry. */
  readonly buffers: Readonly<Record<string, BufferContents>>;
  /**
   * Contents per written buffer after the call, by the plain definition of the family in double precision; NaN where
   * anything may be (slack and scratch).
   */
  readonly expected: Readonly<Record<string, Float32Array>>;
  /**
   * Computes what `expected` was filled with, by scalar loops over dense weights: the definition of the family, and what
   * benchmarks set a kernel against.
   */
  readonly plain: () => Readonly<Record<string, Float32Array>>;
}

/** A case that is large enough to be timed. */
export interface KernelBenchmark extends KernelCase {
  /**
   * Floating-point operations that the definition asks for: two for a product that is added, one for any other, an
   * exponential or another function included. Products with weights that are zero do not count.
   */
  readonly usefulOperations: number;
}

/** A row of the table of kernel families. */
export interface FamilyRow {
  readonly name: string;
  /** What the family computes, for documentation. */
  readonly computes: string;
  /** What four neighbouring lanes hold. */
  readonly lanes: string;
  /**
   * Edge shapes and schedules of the family: extents of 1, one below, at and above the tile, and beyond.
   *
   * @param random - Values between −1 and 1.
   */
  readonly cases: (random: () => number) => Iterable<KernelCase>;
  /** The choices of the family's schedules, in the order in which kernel names state them. */
  readonly choices: ScheduleDescription<Readonly<Record<string, number | string>>>;
  /**
   * Problems as networks have them, with default schedules.
   *
   * @param random - Values between −1 and 1.
   */
  readonly benchmarks: (random: () => number) => Iterable<KernelBenchmark>;
}

/** The kernel of a case, with the default schedule unless another one is given, and for the least target unless told. */
export function lowered<Problem, Schedule extends object>(
  family: KernelFamily<Problem, Schedule>,
  problem: NoInfer<Problem>,
  schedule?: NoInfer<Schedule>,
  target: KernelTarget = leastTarget,
): Pick<KernelCase, 'grid' | 'kernel' | 'loops' | 'schedule'> {
  const chosen = schedule ?? family.defaultSchedule(problem, target);
  return {
    kernel: lowerKernel(family, problem, chosen, target),
    schedule: chosen,
    loops: family.sharedLoops(problem, chosen).loops,
    grid: (options) => gridKernel(family, problem, chosen, { ...options, target }),
  };
}

/** `length` random values. */
export function randomFloats(length: number, random: () => number): Float32Array {
  return Float32Array.from({ length }, random);
}

/** Contents of an output before the call, so that whatever is not written shows. */
export function unwritten(length: number): Float32Array {
  return new Float32Array(length).fill(UNWRITTEN);
}

/** The value of output elements that a kernel has not written. */
export const UNWRITTEN = -12345.678;
