import type { Model } from '@grim/runtime';

/** How a model ran. */
export interface ExecutionReport {
  /** Which variant of the code, `strict` or `relaxed`, and why. */
  readonly variant: Model['variant'];
  /** How many threads, and why not as many as were asked for. */
  readonly threads: Model['threads'];
}

/** What a report says of how a model ran. */
export function executionReport({ variant, threads }: Model): ExecutionReport {
  return { variant, threads };
}
