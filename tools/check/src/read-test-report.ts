import type { TestCounts } from './stage.ts';

/** The part of vitest's JSON report that is read. */
export interface VitestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    /** Milliseconds since 1970. */
    readonly startTime: number;
    readonly endTime: number;
    readonly assertionResults: readonly { readonly status: string }[];
  }[];
}

/**
 * Counts the tests of a vitest report.
 *
 * A file that could not be loaded, or whose hooks failed, holds no failed test: it counts as one.
 */
export function countTests(report: VitestReport): TestCounts {
  const brokenFiles = report.testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && assertionResults.every((assertion) => assertion.status !== 'failed'),
  );
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + brokenFiles.length,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

/** Files of a report with the seconds they took, slowest first. */
export function slowestFiles(report: VitestReport, limit: number): [file: string, seconds: number][] {
  return report.testResults
    .map(({ name, startTime, endTime }): [string, number] => [name, (endTime - startTime) / 1000])
    .sort(([, one], [, other]) => other - one)
    .slice(0, limit);
}
