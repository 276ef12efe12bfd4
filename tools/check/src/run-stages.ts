import { runStage, type StageContext } from './run-stage.ts';
import type { Stage, StageReport } from './stage.ts';

/**
 * Runs all stages, whatever fails: one run tells everything that is wrong.
 *
 * @param onReport - called with each report as soon as the stage has ended
 */
export async function runStages(
  stages: readonly Stage[],
  context: StageContext,
  onReport: (report: StageReport) => void,
): Promise<StageReport[]> {
  const reports: StageReport[] = [];
  for (const stage of stages) {
    const needed = reports.find(({ name }) => name === stage.needs);
    const report: StageReport =
      needed?.ok === false
        ? { name: stage.name, ok: false, seconds: 0, reason: `not run: ${needed.name} failed` }
        : await runStage(stage, context);
    reports.push(report);
    onReport(report);
  }
  return reports;
}

/**
 * The closing line: tests that passed and failed, over all suites.
 *
 * A stage that failed without a failed test counts as one, so that the line never says `0 failed` of a failed check.
 */
export function sumLine(reports: readonly StageReport[]): string {
  let passed = 0;
  let failed = 0;
  for (const { ok, tests } of reports) {
    passed += tests?.passed ?? 0;
    failed += ok ? 0 : Math.max(1, tests?.failed ?? 0);
  }
  return `${passed} passed, ${failed} failed`;
}
