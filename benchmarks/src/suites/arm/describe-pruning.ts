import type { Pruning } from '../layers/pruning.ts';

/** How a layer is pruned in a few words, for tables. */
export function describePruning(pruning: Pruning | undefined): string {
  if (!pruning) return 'dense';
  const { blockRows, blockColumns, rowRate, columnRate } = pruning;
  const rows = rowRate > 1 ? `rows ${String(rowRate)}×, ` : '';
  return `${rows}columns ${String(columnRate)}×, blocks ${String(blockRows)}×${String(blockColumns)}`;
}
