import { fork } from 'node:child_process';
import { once } from 'node:events';
import pLimit from 'p-limit';
import type { AccuracyCell } from '../task.ts';
import { cellName } from './cell-name.ts';
import type { CellStore } from './cell-store.ts';

/** How cells are made. */
export interface ProcessOptions {
  /** How many cells are made at once. */
  readonly jobs: number;
  readonly store: CellStore;
  readonly quick: boolean;
  readonly progress: (line: string) => void;
  /** Program that makes one cell; see `make-cell.ts`. */
  readonly program: string;
}

/**
 * How the engine collects garbage. What training leaves behind are arrays outside the heap; each batch made it mark the whole heap on a thread
 * of its own, which took cores from the processes next to it.
 */
const garbageCollection = ['--initial-heap-size=1024', '--no-concurrent-marking'];

const endingSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Makes the cells that are not kept yet, and the dense models that they need, each in a process of its own. A dense model is made before
 * those that start from it.
 *
 * @throws Error when a process fails; the others are stopped then, and go on from their checkpoints the next time.
 */
export async function makeInProcesses(
  cells: readonly AccuracyCell[],
  { jobs, store, quick, progress, program }: ProcessOptions,
): Promise<void> {
  const limit = pLimit(jobs);
  const stopping = new AbortController();
  const making = new Map<string, Promise<void>>();

  const makeNow = async (name: string): Promise<void> => {
    if (stopping.signal.aborted) return;
    const child = fork(program, [name, ...(quick ? ['--quick'] : [])], {
      execArgv: [...process.execArgv, ...garbageCollection],
      signal: stopping.signal,
    });
    child.on('message', (line) => {
      if (typeof line === 'string') progress(line);
    });
    const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
    if (code !== 0) throw new Error(`${name}: its process ended with ${signal ?? `exit code ${code}`}`);
  };
  const make = (cell: AccuracyCell): Promise<void> => {
    const name = cellName(cell.key);
    const known = making.get(name);
    if (known) return known;
    const promise = (async () => {
      if (store.read(cell)) return;
      if (cell.dense) await make(cell.dense);
      await limit(makeNow, name);
    })();
    making.set(name, promise);
    return promise;
  };

  // A process that trains hears nothing but signals until its epoch is over, not even that this one has ended.
  const endWith = (_signal: NodeJS.Signals, number: number): void => {
    stopping.abort();
    process.exit(128 + number);
  };
  for (const signal of endingSignals) process.on(signal, endWith);
  try {
    await Promise.all(cells.map(make));
  } catch (error) {
    stopping.abort();
    throw error;
  } finally {
    for (const signal of endingSignals) process.off(signal, endWith);
  }
}
