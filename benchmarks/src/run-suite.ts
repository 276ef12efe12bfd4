import { describeEnvironment } from './measuring/describe-environment.ts';
import type { BenchmarkResult } from './results/benchmark-result.ts';
import { checkResult } from './results/check-result.ts';
import type { Suite, SuiteContext, SuiteOutcome } from './suite.ts';

/** What a run is told: what the suite is told, and where results go that are kept on the way. */
export interface RunContext extends Omit<SuiteContext, 'keep'> {
  readonly write?: (result: BenchmarkResult) => void;
}

/**
 * Runs a suite and puts its numbers beside the machine they come from.
 *
 * @throws Error when the numbers are not ones to publish, see {@link checkResult}
 */
export async function runSuite(name: string, suite: Suite, context: RunContext): Promise<BenchmarkResult> {
  const { write, ...told } = context;
  const resultOf = ({ rows, summary }: SuiteOutcome): BenchmarkResult =>
    checkResult({
      suite: name,
      date: new Date().toISOString().slice(0, 10),
      quick: context.quick || (context.only !== undefined && suite.resumes !== true),
      environment: describeEnvironment(),
      rows,
      summary,
    });
  const keep = (outcome: SuiteOutcome): void => write?.(resultOf(outcome));
  return resultOf(await suite.run({ ...told, keep }));
}
