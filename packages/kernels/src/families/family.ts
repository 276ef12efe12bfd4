import type { Kernel } from '../kernel-ir/types.ts';
import { leastTarget, type KernelTarget } from '../target.ts';

/**
 * A loop of a kernel whose turns compute results of their own, so that threads can share it: consecutive turns, as a problem
 * of their own with the schedule of the whole, give their results the bits that these have in the whole.
 */
export interface SharedLoop<Problem> {
  /** What one turn computes, e.g. `channel`. */
  readonly name: string;
  readonly turns: number;
  /** Parts start at multiples of this many turns. */
  readonly multiple: number;
  /** Bytes in a buffer from what one turn uses to what the next one does; 0 for buffers that are not named. */
  readonly steps: Readonly<Record<string, number>>;
  /** The problem of that many consecutive turns. */
  readonly part: (turns: number) => Problem;
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
  /** Loops that threads can share, the best one first; a family without them is computed by one thread. */
  readonly sharedLoops?: (problem: Problem, schedule: Schedule) => readonly SharedLoop<Problem>[];
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
