/** One choice of a schedule: which values it has, and what they decide. */
export interface ScheduleChoice<Value> {
  /** The values that it may have: a few, or all whole numbers of a range. Some problems refuse some of them by name. */
  readonly values: readonly Value[] | { readonly from: number; readonly to: number };
  /** What the value is, for documentation. */
  readonly means: string;
  /** Which value it has when nothing else is asked for, for documentation. */
  readonly byDefault: string;
}

/** The choices of a family's schedule, in the order in which kernel names state them. */
export type ScheduleDescription<Schedule> = {
  readonly [Key in keyof Schedule]: ScheduleChoice<Schedule[Key]>;
};
