export { countNonZeros, maximumElements, maximumExtent, type Matrix } from './matrix.ts';
export { fitGrid, type BlockGrid, type FittedGrid } from './block-grid.ts';
export type { BcrMask } from './bcr-mask.ts';
export { maskOf } from './mask-of.ts';
export { applyMask } from './apply-mask.ts';
export { keptCells, maskDensity } from './kept-cells.ts';
export { reorderRows, type RowOrder } from './reorder-rows.ts';
export type {
  Bcrc,
  BcrcChain,
  BcrcForm,
  BlockedBcrc,
  ChainedBcrc,
  RowRuns,
  SharedBcrc,
  StoredMatrix,
} from './bcrc.ts';
export { rectanglesOf, type Rectangle } from './rectangles-of.ts';
export { encodeBcrc } from './encode-bcrc.ts';
export { decodeBcrc } from './decode-bcrc.ts';
export { bcrcByteLength, decodeBcrcBytes, encodeBcrcBytes } from './bytes/bcrc-bytes.ts';
export type { ExpectedShape } from './bytes/bcrc-head.ts';
export { bcrcCodec } from './bcrc-codec.ts';
export { csrByteLength, decodeCsr, decodeCsrBytes, encodeCsr, encodeCsrBytes, type Csr } from './csr.ts';
export { accountBytes, type ByteAccount, type StoredBytes } from './account-bytes.ts';
export { multiplyBcrc, multiplyMatrix } from './multiply.ts';
export { rowGroups, type RowGroupOptions, type RowGroups, type RowSegment } from './row-groups.ts';
export { BeyondReachError } from './beyond-reach-error.ts';
export { projectMagnitude } from './project-magnitude.ts';
export { keepColumns } from './keep-columns.ts';
export type { MagnitudeOptions } from './projection/magnitude-options.ts';
export { stackMasks } from './stack-masks.ts';
export { keptEnergy } from './kept-energy.ts';
