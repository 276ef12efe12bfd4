import type { CellKey } from '../task.ts';

/** The name of a cell on the command line, in progress and of its folder: `fsdd admm bcr 8x32 10x seed 1`. */
export function cellName({ task, method, pattern, rate, seed }: CellKey): string {
  return rate === 1 ? `${task} ${method} seed ${seed}` : `${task} ${method} ${pattern} ${rate}x seed ${seed}`;
}
