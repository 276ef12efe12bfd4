import { describeEnvironment } from '../src/measuring/describe-environment.ts';
import type { BenchmarkResult } from '../src/results/benchmark-result.ts';

/** A result as a suite leaves it. */
export const sampleResult: BenchmarkResult = {
  suite: 'sample',
  date: '2026-11-25',
  quick: false,
  environment: { ...describeEnvironment(), cpu: 'Sample CPU' },
  rows: [
    { side: 'dense', kind: 'speed', p50_us: 70.123, bytes: 1234567 },
    { side: 'pruned', kind: 'speed', p50_us: 35, bytes: null },
    { side: 'dense', kind: 'size', p50_us: null, bytes: 12 },
  ],
  summary: { ratio: 0.5, difference: 0.0000012 },
};
