import type { LayerShape } from '../layers/layer-shape.ts';
import type { Pruning } from '../layers/pruning.ts';

/** A layer whose instructions are counted. */
export interface ArmLayer {
  readonly shape: LayerShape;
  /** How it is pruned; dense where it is absent. */
  readonly pruning?: Pruning;
  /** Floats of weights, inputs and sums; of 32 bits unless told. */
  readonly element?: 'f16' | 'f32';
  /** Key of its instructions per multiply-add in the summary. */
  readonly key?: string;
}

const columns = (blockRows: number, blockColumns: number, columnRate: number): Pruning => ({
  blockRows,
  blockColumns,
  rowRate: 1,
  columnRate,
});

const rowsAndColumns = (blockRows: number, blockColumns: number, columnRate: number): Pruning => ({
  blockRows,
  blockColumns,
  rowRate: 2,
  columnRate,
});

/** The 1×1 convolution, which XNNPACK computes as well. */
export const pointwise = {
  kind: 'conv',
  name: 'pointwise',
  inputs: 256,
  outputs: 256,
  kernel: 1,
  stride: 1,
  size: 28,
} as const;
const spatial = {
  kind: 'conv',
  name: 'spatial',
  inputs: 128,
  outputs: 128,
  kernel: 3,
  stride: 1,
  size: 28,
} as const;
const product = { kind: 'linear', name: 'product', rows: 3072, columns: 1024 } as const;
const step = { kind: 'gru', name: 'gru', inputs: 256, hidden: 1024 } as const;
const depthwise = {
  kind: 'conv',
  name: 'depthwise',
  inputs: 96,
  outputs: 96,
  kernel: 3,
  stride: 1,
  size: 56,
  groups: 96,
} as const;

/** A tenth of its weights is left. */
export const pointwisePruning: Pruning = columns(8, 256, 10);

/** The layers: what phones spend their time with, dense and pruned. */
export const armLayers: readonly ArmLayer[] = [
  { shape: pointwise },
  { shape: pointwise, pruning: pointwisePruning, key: 'spmm_insn_per_mac' },
  { shape: pointwise, pruning: rowsAndColumns(8, 32, 5) },
  { shape: pointwise, element: 'f16' },
  { shape: pointwise, pruning: pointwisePruning, element: 'f16', key: 'spmm_fp16_insn_per_mac' },
  { shape: spatial },
  { shape: spatial, pruning: columns(8, 256, 8) },
  { shape: spatial, pruning: rowsAndColumns(8, 32, 4) },
  { shape: product },
  { shape: product, pruning: columns(32, 256, 10) },
  { shape: product, pruning: rowsAndColumns(64, 512, 5), key: 'spmv_insn_per_mac' },
  { shape: product, pruning: rowsAndColumns(64, 256, 5) },
  { shape: product, pruning: rowsAndColumns(32, 256, 5) },
  { shape: step },
  { shape: step, pruning: rowsAndColumns(64, 512, 5) },
  { shape: depthwise },
];
