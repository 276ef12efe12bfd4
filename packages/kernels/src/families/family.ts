import type { Kernel } from '../kernel-ir/types.ts';
import { leastTarget, type KernelTarget } from '../target.ts';

/** Contents of the buffers that a kernel is given, by name. */
export type KernelContents = Readonly<Record<string, DataView>>;

/** Where parts of a kernel start in buffers whose pieces differ in length. */
export interface PartStarts {
  /** The buffers, in the order in which their starts lie in an entry of the table. */
  readonly buffers: readonly string[];
  /** One entry per `multiple` turns: the byte in each of the buffers where their piece starts. */
  readonly table: (contents: KernelContents) => Int32Array;
}

/**
 * A loop of a kernel whose turns compute results of their own, so that threads or work-items can share it: consecutive turns,
 * as a problem of their own with the schedule of the whole, give their results the bits that these have in the whole.
 */
export interface SharedLoop {
  /** What one turn computes, e.g. `channel`. */
  readonly name: string;
  readonly turns: number;
  /** Parts start at multiples of this many turns. */
  readonly multiple: number;
  /**
   * Bytes in a buffer from what one turn uses to what the next one does; 0 for buffers that are not named. May be a fraction
   * where `multiple` turns make it whole.
   */
  readonly steps: Readonly<Record<string, number>>;
  /** For buffers without a step of equal length. */
  readonly starts?: PartStarts;
  /**
   * Set where only work-items of a grid share the loop: threads divide the packed data instead, or would write into each other's
   * cache lines.
   */
  readonly onlyItems?: true;
}

/** All loops of a kernel that can be shared, together. */
export interface SharedLoops<Problem> {
  /** The best one for threads first. */
  readonly loops: readonly SharedLoop[];
  /** The problem of that many consecutive turns of each loop. It writes nothing but its results: what follows is another part's. */
  readonly part: (turns: readonly number[]) => Problem;
  /** Bytes of inputs that the problem reads from their start on, for those that work-items may want to copy and share. */
  readonly reads?: Readonly<Record<string, number>>;
}

/**
 * A kernel family: one shape of computation with its schedules.
 *
 * A family lowers a problem (what to compute, with every extent and stride known) and a schedule (how) to one kernel.
 * Registering it in `registry.ts` gives it its tests over edge shapes.
 */
export interface KernelFamily<Problem, Schedule> {
  /** Name of the family, the first part of every kernel name. */
  readonly name: string;
  /** The schedule used when nothing else is asked for. */
  readonly defaultSchedule: (problem: Problem, target: KernelTarget) => Schedule;
  /** Why a schedule cannot be used for a problem and a target, in one line; `undefined` when it can. */
  readonly refuse: (problem: Problem, schedule: Schedule, target: KernelTarget) => string | undefined;
  /** Loops that threads or work-items can share. */
  readonly sharedLoops: (problem: Problem, schedule: Schedule) => SharedLoops<Problem>;
  /** The kernel. The schedule must not be refused. */
  readonly lower: (problem: Problem, schedule: Schedule) => Kernel;
}

/**
 * Lowers a problem after checking the schedule; an illegal one is refused by name.
 *
 * @param schedule - The default one of the target when absent.
 * @param target - What the schedule may count on; the least unless told.
 */
export function lowerKernel<Problem, Schedule>(
  family: KernelFamily<Problem, Schedule>,
  problem: NoInfer<Problem>,
  schedule?: NoInfer<Schedule>,
  target: KernelTarget = leastTarget,
): Kernel {
  const chosen = schedule ?? family.defaultSchedule(problem, target);
  const reason = family.refuse(problem, chosen, target);
  if (reason !== undefined) throw new RangeError(`${family.name}: ${reason}`);
  return family.lower(problem, chosen);
}
