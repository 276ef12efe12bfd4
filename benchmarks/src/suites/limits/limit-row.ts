import type { Row } from '../../results/benchmark-result.ts';

/** One side of a layer. */
export interface LimitRow extends Row {
  readonly kind: 'product' | 'image' | 'reading';
  readonly shape: string;
  readonly side: string;
  /** Bytes of what is read and written once: weights with their indices, and, of images, values. */
  readonly bytes: number;
  readonly time_us: number;
  readonly gigabytes_per_second: number;
  readonly peak_fraction: number | null;
  readonly vs_ort_web: number | null;
}
