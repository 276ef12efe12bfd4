import type { Row } from '../../results/benchmark-result.ts';

/** A loop, or a layer beside it. */
export interface InnerLoopRow extends Row {
  readonly kind: 'columns' | 'image' | 'blocks';
  readonly shape: string;
  readonly side: string;
  readonly time_us: number;
  /** Multiply-adds with weights that are not zero. */
  readonly useful_gmacs: number;
  /** Of the peak of the same multiply-add. */
  readonly peak_fraction: number;
  readonly vs_csr: number | null;
}
