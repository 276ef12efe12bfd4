import { GrimError } from '@grim/ir/program';
import { controlWords, RELEASED, workerFailures } from './control-words.ts';
import type { HostWorker, WorkerStarter } from './host-worker.ts';
import { workerSource } from './worker-source.ts';

/** Threads that run a model together: the caller's and one worker for each other. */
export interface ThreadTeam {
  /** Runs the whole model; the caller computes its share and returns when all are done. */
  readonly run: () => void;
  /** Ends the workers. */
  readonly close: () => Promise<void>;
}

/** An instance of a model that threads can share. */
export interface SharedInstance {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly controlOffset: number;
  /** Runs one thread's share; 1 when it gave up waiting for another thread. */
  readonly runPart: (thread: number, threads: number, maySleep: number) => number | undefined;
}

/**
 * Starts the workers of a team and waits until they are ready.
 *
 * @param threads - Number of threads with the caller's, at least 2.
 * @returns The team; rejects when a worker cannot start, after the others were ended.
 */
export async function startTeam(
  { module, memory, controlOffset, runPart }: SharedInstance,
  threads: number,
  start: WorkerStarter,
): Promise<ThreadTeam> {
  const workers: HostWorker[] = [];
  let isWorkerLost = false;
  const close = async (): Promise<void> => {
    await Promise.all(workers.map((worker) => worker.end()));
  };
  try {
    for (let thread = 1; thread < threads; thread++) workers.push(start(workerSource));
    for (const worker of workers) {
      worker.onLost(() => {
        isWorkerLost = true;
      });
    }
    const answers = await Promise.all(
      workers.map((worker, index) =>
        worker.ask({ module, memory, controlOffset, thread: index + 1, threads }),
      ),
    );
    const refusal = answers.find((answer) => answer !== 'ready');
    if (refusal !== undefined) throw new Error(refusal);
  } catch (error) {
    await close();
    throw error;
  }
  const words = new Int32Array(memory.buffer, controlOffset, controlWords.count);
  const run = runner(words, threads, runPart);
  return {
    run: () => {
      // It would be waited for in vain.
      if (isWorkerLost) throw new GrimError('a worker of this model ended; load it again');
      run();
    },
    close,
  };
}

function runner(words: Int32Array, threads: number, runPart: SharedInstance['runPart']): () => void {
  const maySleep = isSleepAllowed(words) ? 1 : 0;
  const { start, failed, arrivals } = controlWords;
  /** Why nothing runs any more. */
  let problem: string | undefined;
  /** Lets threads that wait go on. */
  const release = (): void => {
    Atomics.store(words, arrivals, RELEASED);
    Atomics.notify(words, arrivals);
  };
  return () => {
    if (problem !== undefined) throw new GrimError(`${problem}; load it again`);
    // Until the run is over: a trap here or in a worker leaves threads in the middle of it.
    problem = 'a thread of this model trapped';
    Atomics.store(words, arrivals, 0);
    Atomics.add(words, start, 1);
    Atomics.notify(words, start);
    let gaveUp: boolean;
    try {
      gaveUp = runPart(0, threads, maySleep) === 1;
    } catch (error) {
      release();
      throw error;
    }
    const failure = Atomics.load(words, failed);
    if (failure === workerFailures.trapped) {
      throw new WebAssembly.RuntimeError('a worker of the model trapped');
    }
    if (gaveUp || failure === workerFailures.gaveUp) {
      release();
      // It ended, but this thread has not been told: that takes a turn of its event loop.
      problem = 'a worker of this model does not answer';
      throw new GrimError(`${problem}; load it again`);
    }
    problem = undefined;
  };
}

/** Whether this thread may block: the main thread of a page may not. */
function isSleepAllowed(words: Int32Array): boolean {
  try {
    // Returns at once, for the word has another value, where it is allowed at all.
    Atomics.wait(words, controlWords.failed, 1);
    return true;
  } catch {
    return false;
  }
}
