import type { Row, Summary } from './results/benchmark-result.ts';

/** What a suite is told when it runs. */
export interface SuiteContext {
  /** A short run that shows that the suite works: its numbers are not to be published. */
  readonly quick: boolean;
  /** Restricts suites of many parts to those whose name matches; the result is then not to be published either. */
  readonly only?: RegExp;
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
  readonly run: (context: SuiteContext) => Promise<SuiteOutcome>;
}
