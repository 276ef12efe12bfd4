import { nodeBuiltin } from './node-builtin.ts';

/** A worker of whichever host this is. */
export interface HostWorker {
  /** Posts one message and resolves with the first one that comes back; rejects when the worker cannot start. */
  readonly ask: (message: unknown) => Promise<string>;
  /** Calls a listener when the worker ended without {@link HostWorker.end}, or its script threw. */
  readonly onLost: (listener: () => void) => void;
  /** Ends the worker, whatever it does. */
  readonly end: () => Promise<void>;
}

/** Starts a worker that runs a script given as text. */
export type WorkerStarter = (script: string) => HostWorker;

/** What this package uses of `node:worker_threads`. */
interface NodeWorkerThreads {
  readonly Worker: new (
    script: string,
    options: { readonly eval: true },
  ) => {
    postMessage(message: unknown): void;
    once(event: 'error', listener: (error: Error) => void): void;
    once(event: 'message', listener: (answer: string) => void): void;
    once(event: 'exit', listener: () => void): void;
    unref(): void;
    terminate(): Promise<number>;
  };
}

/** How this host starts workers; `undefined` when it has none. */
export function workerStarter(): WorkerStarter | undefined {
  const threads = nodeBuiltin('node:worker_threads');
  if (threads) return (script) => startInNode(threads as NodeWorkerThreads, script);
  return typeof Worker === 'undefined' ? undefined : startInPage;
}

function startInNode({ Worker }: NodeWorkerThreads, script: string): HostWorker {
  const worker = new Worker(script, { eval: true });
  return {
    ask: (message) =>
      new Promise((resolve, reject) => {
        worker.once('error', reject);
        worker.once('exit', () => {
          reject(new Error('the worker ended'));
        });
        worker.once('message', (answer) => {
          // From here on it must not keep the process alive.
          worker.unref();
          resolve(answer);
        });
        worker.postMessage(message);
      }),
    onLost: (listener) => {
      worker.once('exit', listener);
    },
    end: async () => {
      await worker.terminate();
    },
  };
}

function startInPage(script: string): HostWorker {
  const url = URL.createObjectURL(new Blob([script], { type: 'text/javascript' }));
  const worker = new Worker(url);
  return {
    ask: (message) =>
      new Promise<string>((resolve, reject) => {
        worker.addEventListener('error', ({ message: problem }) => {
          reject(new Error(problem || 'the page does not allow workers from a Blob'));
        });
        worker.onmessage = ({ data }: MessageEvent<string>) => {
          resolve(data);
        };
        worker.postMessage(message);
      }).finally(() => {
        URL.revokeObjectURL(url);
      }),
    onLost: (listener) => {
      worker.addEventListener('error', listener);
    },
    end: () => {
      worker.terminate();
      return Promise.resolve();
    },
  };
}
