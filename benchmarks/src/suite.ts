import type { Row, Summary } from './results/benchmark-result.ts';

/** What a suite is told when it runs. */
export interface SuiteContext {
  /** A short run that shows that the suite works: its numbers are not to be published. */
  readonly quick: boolean;
  /** Restricts suites of many parts to those whose name matches; the result is then not to be published either. */
  readonly only?: RegExp;
  /** How many processes may work at once, in suites that use more than one; by default as many as there are cores. */
  readonly jobs?: number;
  /** Rows of an earlier run that was written where this one will be; a suite that resumes keeps what it can of them. */
  readonly earlier?: readonly Row[];
  /** Keeps what was found so far, so that a run that is stopped has not been for nothing. */
  readonly keep?: (outcome: SuiteOutcome) => void;
  /** Says what is being done now. */
  readonly progress: (line: string) => void;
}

/** What a suite found. */
export interface SuiteOutcome {
  /** One row per thing measured. */
  readonly rows: readonly Row[];
  /** The few numbers that a reader compares with a target. */
  readonly summary: Summary;
}

/** A benchmark: one question, answered with a table. */
export interface Suite {
  /** The question, in one line. */
  readonly description: string;
  /** Whether it goes on from the rows of an earlier run; a run with `only` then leaves the other rows as they are. */
  readonly resumes?: boolean;
  readonly run: (context: SuiteContext) => Promise<SuiteOutcome>;
}
