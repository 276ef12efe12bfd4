import type { AccuracyCell, StoredResult } from '../task.ts';
import { cellName } from './cell-name.ts';
import type { CellStore } from './cell-store.ts';

/** How cells are made. */
export interface MakeOptions {
  readonly store: CellStore;
  readonly quick: boolean;
  readonly progress: (line: string) => void;
}

/** A function that gives the result of a cell: what was kept, or made now and kept. */
export function cellMaker({
  store,
  quick,
  progress,
}: MakeOptions): (cell: AccuracyCell) => Promise<StoredResult> {
  const resultOf = async (cell: AccuracyCell): Promise<StoredResult> => {
    const kept = store.read(cell);
    if (kept) return kept;
    const name = cellName(cell.key);
    progress(name);
    const start = performance.now();
    // What it waits for is not its own time.
    let waited = 0;
    const before = store.spent(cell);
    const seconds = (): number => before + (performance.now() - start - waited) / 1000;
    const made = await cell.run({
      quick,
      folder: store.folderOf(cell),
      progress: (line) => {
        store.writeSpent(cell, seconds());
        progress(`${name}: ${line}`);
      },
      resultOf: async (other) => {
        const asked = performance.now();
        const result = await resultOf(other);
        waited += performance.now() - asked;
        return result;
      },
    });
    const result = { ...made, seconds: seconds() };
    store.write(cell, result);
    progress(`${name}: ${result.score.toFixed(4)}, ${result.seconds.toFixed(0)} s`);
    return result;
  };
  return resultOf;
}
