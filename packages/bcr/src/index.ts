export { maximumElements, maximumExtent, type Matrix } from './matrix.ts';
export { fitGrid, type BlockGrid, type FittedGrid } from './block-grid.ts';
export type { BcrMask } from './bcr-mask.ts';
export { maskOf } from './mask-of.ts';
export { rowGroups, type RowGroupOptions, type RowGroups, type RowSegment } from './row-groups.ts';
