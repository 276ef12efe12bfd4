import { describeEnvironment } from './measuring/describe-environment.ts';
import type { BenchmarkResult } from './results/benchmark-result.ts';
import { checkResult } from './results/check-result.ts';
import type { Suite, SuiteContext } from './suite.ts';

/**
 * Runs a suite and puts its numbers beside the machine they come from.
 *
 * @throws Error when the numbers are not ones to publish, see {@link checkResult}
 */
export async function runSuite(name: string, suite: Suite, context: SuiteContext): Promise<BenchmarkResult> {
  const { rows, summary } = await suite.run(context);
  return checkResult({
    suite: name,
    date: new Date().toISOString().slice(0, 10),
    quick: context.quick || context.only !== undefined,
    environment: describeEnvironment(),
    rows,
    summary,
  });
}
