import { threadControlBytes } from '@grim/ir/program';

/**
 * The words that threads wait on, by index into the 32-bit words at `plan.threads.controlOffset`. The code of the model
 * counts arrivals; the other words are the runtime's, in a cache line of their own.
 */
export const controlWords = {
  /** Changes when a run starts. */
  start: 0,
  /** How a worker failed, see {@link workerFailures}; 0 while none has. */
  failed: 1,
  /** Arrivals of threads in this run, see `runPart` of the generated code. */
  arrivals: 16,
  count: threadControlBytes / 4,
} as const;

/** How a worker can fail in a run. */
export const workerFailures = { trapped: 1, gaveUp: 2 } as const;

/** A number of arrivals that no run waits beyond: it lets every thread that waits go on. */
export const RELEASED = 2 ** 30;
