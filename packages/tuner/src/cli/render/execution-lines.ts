import type { ExecutionReport } from '../../reports/execution-report.ts';

/** Lines that say which code ran, on how many threads, and why. */
export function executionLines({
  variant,
  threads,
}: ExecutionReport): readonly (readonly [label: string, value: string])[] {
  return [
    ['code', `${variant.name} (${variant.reason})`],
    ['threads', `${threads.count} (${threads.reason})`],
  ];
}
