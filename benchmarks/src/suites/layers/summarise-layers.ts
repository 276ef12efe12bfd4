import { geometricMean, max, median, min } from 'simple-statistics';
import type { Row, Summary } from '../../results/benchmark-result.ts';

/** A key of the summary: the rows it is made of, the column that is looked at, and how many numbers become one. */
interface SummaryRule {
  readonly kinds: readonly string[];
  readonly column: string;
  readonly only?: (row: Row) => boolean;
  /** What a row counts as that has no number in the column; such rows are left out unless told. */
  readonly absent?: number;
  readonly reduce: (values: number[]) => number;
}

/** Pixels of the smallest images that count as large. */
const LARGE = 28;

/** Whether a convolution is over at least 28×28 pixels, by its description. */
const isLarge = ({ shape }: Row): boolean => Number(/(\d+)$/.exec(String(shape))?.[1]) >= LARGE;

const isNotGrouped = ({ shape }: Row): boolean => !String(shape).includes('groups');

const named =
  (name: string) =>
  ({ layer }: Row): boolean =>
    layer === name;

const vgg = ['vgg16-pruned'];

const rules: Readonly<Record<string, SummaryRule>> = {
  vgg_8x_vs_ort_web_geomean: { kinds: vgg, column: 'vs_ort_web', reduce: geometricMean },
  vgg_8x_vs_ort_web_min: { kinds: vgg, column: 'vs_ort_web', reduce: min },
  vgg_8x_vs_ort_node_min: { kinds: vgg, column: 'vs_ort_node', only: isLarge, reduce: min },
  vgg_8x_peak_fraction: { kinds: vgg, column: 'peak_fraction', only: isLarge, reduce: min },
  vgg_8x_columns_peak_fraction: {
    kinds: ['vgg16-columns'],
    column: 'peak_fraction',
    only: isLarge,
    reduce: min,
  },
  vgg_8x_relaxed_peak_fraction: {
    kinds: ['vgg16-relaxed'],
    column: 'peak_fraction',
    only: isLarge,
    reduce: min,
  },
  two_threads_speedup: {
    kinds: ['vgg16-two_threads'],
    column: 'vs_one_thread',
    only: isLarge,
    reduce: min,
  },
  spmm_vs_csr_geomean: { kinds: vgg, column: 'vs_csr', reduce: geometricMean },
  spmv_vs_csr: {
    kinds: ['gru-timit-pruned'],
    column: 'vs_csr',
    only: named('recurrent'),
    reduce: min,
  },
  spmv_vs_csr_unrolled: {
    kinds: ['gru-timit-pruned'],
    column: 'vs_csr_unrolled',
    only: named('recurrent'),
    reduce: min,
  },
  spmv_32x64_vs_csr: {
    kinds: ['gru-timit-narrow'],
    column: 'vs_csr',
    only: named('recurrent'),
    reduce: min,
  },
  gru1024_10x_vs_ort_web: {
    kinds: ['gru-timit-pruned'],
    column: 'vs_ort_web',
    only: named('layer2'),
    reduce: min,
  },
  gru1024_dense_vs_ort_web: {
    kinds: ['gru-timit-dense'],
    column: 'vs_ort_web',
    only: named('layer2'),
    reduce: min,
  },
  dense_vs_ort_web_geomean: {
    kinds: ['vgg16-dense', 'mobilenetv2-dense'],
    column: 'vs_ort_web',
    only: isNotGrouped,
    reduce: geometricMean,
  },
  tail_penalty_max: { kinds: ['tails'], column: 'tail_penalty', reduce: max },
  padding_max: {
    kinds: ['blocks-4x16', 'blocks-8x32', 'blocks-16x64'],
    column: 'padding',
    reduce: max,
  },
  index_bytes_vs_csr_4x16: { kinds: ['blocks-4x16'], column: 'index_bytes_vs_csr', reduce: max },
  index_bytes_vs_csr_8x32: { kinds: ['blocks-8x32'], column: 'index_bytes_vs_csr', reduce: max },
  index_bytes_vs_csr_16x64: { kinds: ['blocks-16x64'], column: 'index_bytes_vs_csr', reduce: max },
  break_even_rate_median: {
    kinds: ['break-even'],
    column: 'break_even_rate',
    // Never faster: worse than any rate.
    absent: Infinity,
    reduce: median,
  },
};

/** The numbers that are compared with targets; those of layers that were not measured are left out. */
export function summariseLayers(rows: readonly Row[]): Summary {
  return Object.fromEntries(
    Object.entries(rules).flatMap(([key, { kinds, column, only = () => true, absent, reduce }]) => {
      const values = rows
        .filter((row) => kinds.includes(String(row['kind'])) && only(row))
        .map((row) => row[column] ?? absent)
        .filter((value) => typeof value === 'number');
      const value = values.length > 0 ? reduce(values) : Infinity;
      return Number.isFinite(value) ? [[key, value]] : [];
    }),
  );
}
