import { GrimError, type Plan } from '@grim/ir/program';
import { workerStarter, type WorkerStarter } from './host-worker.ts';
import { startTeam, type SharedInstance, type ThreadTeam } from './thread-team.ts';

/** How many threads run a model, and why not as many as were asked for. */
export interface ThreadInfo {
  /** The caller's thread included. */
  readonly count: number;
  /** E.g. `as asked for` or `the page is not cross-origin isolated`. */
  readonly reason: string;
}

/** Threads as they were started; no team when the caller's is the only one. */
export interface StartedThreads {
  readonly info: ThreadInfo;
  readonly team?: ThreadTeam;
}

/**
 * Starts as many of the threads asked for as the model, the host and the page allow.
 *
 * @param asked - Number of threads, from the caller.
 * @param share - The instance for threads; called when there will be several.
 */
export async function startThreads(
  plan: Plan,
  asked: number,
  share: (controlOffset: number) => SharedInstance,
): Promise<StartedThreads> {
  if (!Number.isInteger(asked) || asked < 1) {
    throw new GrimError(`threads is ${asked}, not a positive integer`);
  }
  const one = (reason: string): StartedThreads => ({ info: { count: 1, reason } });
  if (asked === 1) return one('as asked for');
  if (!plan.threads) return one('the model is compiled for one thread');
  const start = hostThreads();
  if (typeof start === 'string') return one(start);
  const count = Math.min(asked, plan.threads.count);
  try {
    const team = await startTeam(share(plan.threads.controlOffset), count, start);
    const reason = count === asked ? 'as asked for' : `the model is compiled for ${count} threads`;
    return { info: { count, reason }, team };
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    return one(`workers cannot start: ${problem}`);
  }
}

/** How to start workers that share memory here, or why that cannot be. */
function hostThreads(): WorkerStarter | string {
  const { crossOriginIsolated } = globalThis as { readonly crossOriginIsolated?: boolean };
  if (crossOriginIsolated === false) return 'the page is not cross-origin isolated';
  if (typeof SharedArrayBuffer === 'undefined') return 'SharedArrayBuffer is not available here';
  return workerStarter() ?? 'workers are not available here';
}
