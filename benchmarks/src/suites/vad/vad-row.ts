import type { Row } from '../../results/benchmark-result.ts';

/** Every column that a row of the suite may have; times and bytes carry their unit in the name. */
interface VadColumns {
  /** Which question the row answers: `speed`, `load`, `size` or `difference`. */
  readonly kind: string;
  readonly side: string;
  /** What `ratio`, `max_abs_diff` and `agreement` are relative to. */
  readonly baseline: string;
  readonly p50_us: number;
  readonly p99_us: number;
  /** 99th percentile over median within a round, median of the rounds. */
  readonly tail_ratio: number;
  /** Time per frame over that of the baseline. */
  readonly ratio: number;
  /** Time per frame over that of onnxruntime-node. */
  readonly ratio_to_node: number;
  readonly heap_bytes_per_frame: number;
  /** From bytes to the first result, the first time in a process. */
  readonly cold_load_ms: number;
  /** The same in a process that has loaded before. */
  readonly warm_load_ms: number;
  readonly runtime_gzip_bytes: number;
  readonly model_gzip_bytes: number;
  readonly download_gzip_bytes: number;
  readonly max_abs_diff: number;
  /** Share of frames with the same decision as the baseline. */
  readonly agreement: number;
  /** Share of frames called speech. */
  readonly speech: number;
  readonly recording: string;
  readonly seconds: number;
}

const empty: { readonly [Column in keyof VadColumns]: null } = {
  kind: null,
  side: null,
  baseline: null,
  p50_us: null,
  p99_us: null,
  tail_ratio: null,
  ratio: null,
  ratio_to_node: null,
  heap_bytes_per_frame: null,
  cold_load_ms: null,
  warm_load_ms: null,
  runtime_gzip_bytes: null,
  model_gzip_bytes: null,
  download_gzip_bytes: null,
  max_abs_diff: null,
  agreement: null,
  speech: null,
  recording: null,
  seconds: null,
};

/** A row with what is given and nulls elsewhere: all rows of a result have the same columns. */
export function vadRow(columns: Pick<VadColumns, 'kind' | 'side'> & Partial<VadColumns>): Row {
  return { ...empty, ...columns };
}
