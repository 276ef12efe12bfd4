import { lowerKernel, type KernelFamily, type SharedLoop } from '../families/family.ts';
import { floatsOf, type Floats } from '../families/floats.ts';
import type { ScheduleDescription } from '../families/schedule-description.ts';
import { gridKernel, type GridKernel, type GridOptions } from '../grid/grid-kernel.ts';
import { fromHalves, roundToHalf, toHalves } from '../kernel-ir/half.ts';
import type { ElementType, Kernel } from '../kernel-ir/types.ts';
import { leastTarget, type KernelTarget } from '../target.ts';

/** Contents of a buffer parameter: floats, integers, or 16-bit integers and the bits of halves. */
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
  /** What neighbouring lanes hold. */
  readonly lanes: string;
  /** Floats that it can be lowered for. */
  readonly elements: readonly ElementType[];
  /**
   * Edge shapes and schedules of the family: extents of 1, one below, at and above the tile, and beyond.
   *
   * @param random - Values between −1 and 1.
   * @param element - Floats in memory, one of `elements`; 32 bits wide unless told otherwise.
   */
  readonly cases: (random: () => number, element?: ElementType) => Iterable<KernelCase>;
  /** The choices of the family's schedules, in the order in which kernel names state them. */
  readonly choices: ScheduleDescription<Readonly<Record<string, number | string>>>;
  /**
   * Problems as networks have them, with default schedules.
   *
   * @param random - Values between −1 and 1.
   * @param element - Floats in memory, one of `elements`; 32 bits wide unless told otherwise.
   */
  readonly benchmarks: (random: () => number, element?: ElementType) => Iterable<KernelBenchmark>;
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

/** A source of random values that elements of one kind can be. */
export interface RandomElements {
  /** A value between −1 and 1. */
  (): number;
  readonly element: ElementType;
  /** How elements lie in memory. */
  readonly floats: Floats;
  /** The element that is nearest to a value. */
  readonly round: (value: number) => number;
}

function randomElements(random: () => number, element: ElementType): RandomElements {
  const round = element === 'f16' ? roundToHalf : Math.fround;
  return Object.assign(() => round(random()), { element, floats: floatsOf(element), round });
}

/** Cases as their generator makes them, with floats in buffers, made to be of any elements. */
export function ofElements<Case extends KernelCase>(
  cases: (random: RandomElements) => Iterable<Case>,
): (random: () => number, element?: ElementType) => Iterable<Case> {
  return function* (random, element = 'f32') {
    for (const one of cases(randomElements(random, element))) {
      const stored = (contents: BufferContents): BufferContents =>
        element === 'f16' && contents instanceof Float32Array ? toHalves(contents) : contents;
      const buffers = Object.entries(one.buffers).map(([name, contents]) => [name, stored(contents)]);
      yield { ...one, buffers: Object.fromEntries(buffers) as KernelCase['buffers'] };
    }
  };
}

/**
 * The elements in bytes of a written buffer.
 *
 * @param contents - What the buffer held before the call, see {@link KernelCase.buffers}: its kind says what the bytes are.
 * @param bytes - As many as `contents` has.
 */
export function elementsIn(contents: BufferContents, bytes: Uint8Array): Float32Array {
  const { buffer } = bytes.slice();
  return contents instanceof Uint16Array ? fromHalves(new Uint16Array(buffer)) : new Float32Array(buffer);
}
