import type { Row } from '../../results/benchmark-result.ts';

/** Every column that a row of the suite may have; times carry their unit in the name. */
interface LayerColumns {
  /** What the row answers, and of which model and side: tables are made of the rows of one kind. */
  readonly kind: string;
  readonly layer: string;
  /** The layer in a few words. */
  readonly shape: string;
  readonly side: string;
  readonly time_us: number;
  /** 10⁹ multiply-adds a second with weights that are not zero. */
  readonly useful_gmacs: number;
  /** 10⁹ multiply-adds a second as if nothing were pruned. */
  readonly dense_gmacs: number;
  /** `useful_gmacs` over the rate of a loop of nothing but multiply-adds. */
  readonly peak_fraction: number;
  /** How many times as fast as GRIM with the layer not pruned. */
  readonly vs_dense: number;
  /** How many times as fast as compressed sparse rows with the same zeros. */
  readonly vs_csr: number;
  readonly vs_csr_unrolled: number;
  /** How many times as fast as the same model on one thread. */
  readonly vs_one_thread: number;
  /** How many times as fast as onnxruntime-web with the layer not pruned. */
  readonly vs_ort_web: number;
  readonly vs_ort_node: number;
  /** Weights stored over weights that are not zero. */
  readonly padding: number;
  readonly path: string;
  /** Rows × columns of the blocks. */
  readonly blocks: string;
  readonly index_bytes: number;
  readonly csr_index_bytes: number;
  /** Bytes of indices over those of CSR with indices of the same width. */
  readonly index_bytes_vs_csr: number;
  /** Rate from which on the pruned layer is faster than the dense one. */
  readonly break_even_rate: number;
  /** Time per multiply-add over that of the neighbouring width, less one. */
  readonly tail_penalty: number;
}

const empty: { readonly [Column in keyof LayerColumns]: null } = {
  kind: null,
  layer: null,
  shape: null,
  side: null,
  time_us: null,
  useful_gmacs: null,
  dense_gmacs: null,
  peak_fraction: null,
  vs_dense: null,
  vs_csr: null,
  vs_csr_unrolled: null,
  vs_one_thread: null,
  vs_ort_web: null,
  vs_ort_node: null,
  padding: null,
  path: null,
  blocks: null,
  index_bytes: null,
  csr_index_bytes: null,
  index_bytes_vs_csr: null,
  break_even_rate: null,
  tail_penalty: null,
};

/** A row with what is given and nulls elsewhere: all rows of a result have the same columns. */
export function layerRow(columns: Pick<LayerColumns, 'kind' | 'layer'> & Partial<LayerColumns>): Row {
  return { ...empty, ...columns };
}
