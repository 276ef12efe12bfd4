import type { Kernel } from '../kernel-ir/types.ts';

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
  readonly defaultSchedule: (problem: Problem) => Schedule;
  /** Why a schedule cannot be used for a problem, in one line; `undefined` when it can. */
  readonly refuse: (problem: Problem, schedule: Schedule) => string | undefined;
  /** The kernel. The schedule must not be refused. */
  readonly lower: (problem: Problem, schedule: Schedule) => Kernel;
}

/** Lowers a problem after checking the schedule; an illegal one is refused by name. */
export function lowerKernel<Problem, Schedule>(
  family: KernelFamily<Problem, Schedule>,
  problem: NoInfer<Problem>,
  schedule: NoInfer<Schedule> = family.defaultSchedule(problem),
): Kernel {
  const reason = family.refuse(problem, schedule);
  if (reason !== undefined) throw new RangeError(`${family.name}: ${reason}`);
  return family.lower(problem, schedule);
}
