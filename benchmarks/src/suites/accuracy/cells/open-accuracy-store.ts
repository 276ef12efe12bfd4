import { join } from 'node:path';
import { workspaceRoot } from '@grim/tools/published-packages';
import { openCellStore, type CellStore } from './cell-store.ts';

/** Where the suite keeps its models; those of quick runs apart. */
export function openAccuracyStore(quick: boolean): CellStore {
  return openCellStore(join(workspaceRoot, 'benchmarks/.cache', quick ? 'accuracy-quick' : 'accuracy'));
}
