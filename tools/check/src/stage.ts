/** One thing the check does. */
export interface Stage {
  /** Short name, unique; also names the log in `tmp/check`. */
  readonly name: string;
  /** Commands that run one after another until one fails, each a program with its parameters. */
  readonly commands: readonly (readonly string[])[];
  /** True when the command is vitest, whose tests are counted. */
  readonly countsTests?: boolean;
  /** True when what it prints is worth reading even if nothing is wrong. */
  readonly showsOutput?: boolean;
  /** Stage without whose success this one means nothing. */
  readonly needs?: string;
}

/** Numbers of tests. */
export interface TestCounts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** How a stage ended. */
export interface StageReport {
  readonly name: string;
  readonly ok: boolean;
  readonly seconds: number;
  /** Why it failed, in a few words; absent when it did not. */
  readonly reason?: string;
  /** Absent for stages that are no test suite. */
  readonly tests?: TestCounts;
  /** Files of tests with their seconds, slowest first. */
  readonly slowFiles?: readonly (readonly [file: string, seconds: number])[];
}
