import type { Summary } from '../results/benchmark-result.ts';
import type { Suite, SuiteContext, SuiteOutcome } from '../suite.ts';
import type { ConvShape, GruShape, LinearShape } from './layers/layer-shape.ts';
import type { LimitRow } from './limits/limit-row.ts';
import { measureGrowth } from './limits/measure-growth.ts';
import { measureReading, READING } from './limits/measure-reading.ts';
import { progressWithRemainingTime } from './remaining-time.ts';

const full = { rounds: 15, roundMilliseconds: 300 };
const quick = { rounds: 3, roundMilliseconds: 30 };

/** Products with a vector whose weights fit the second cache, and ones that do not. */
const products = [1536, 3072, 6144, 12288].map((rows): LinearShape => ({
  kind: 'linear',
  name: `product${rows}`,
  rows,
  columns: 1024,
}));

/** conv1_2 of VGG-16 over images that fit the second cache and over ones that do not. */
const images = ([28, 56, 112, 224] as const).map((height): ConvShape => {
  const size = [height, height === 28 ? 56 : height] as const;
  return { kind: 'conv', name: `image${height}`, inputs: 64, outputs: 64, kernel: 3, stride: 1, size };
});

/** One step of a layer whose weights the second cache does not hold. */
const step: GruShape = { kind: 'gru', name: 'gru1024', inputs: 1024, hidden: 1024 };

/** What keeps pruned layers from the peak, and from larger ratios: the kernel itself, caches, or the memory. */
export const limits: Suite = {
  description: 'What limits pruned layers: the kernel, the caches, or how fast memory is read?',
  run: measure,
};

async function measure({ quick: isQuick, progress }: SuiteContext): Promise<SuiteOutcome> {
  const timing = isQuick ? quick : full;
  const next = progressWithRemainingTime(3, progress);
  next('products');
  const rows = await measureGrowth('product', isQuick ? products.slice(0, 1) : products, timing);
  next('images');
  rows.push(...(await measureGrowth('image', isQuick ? images.slice(0, 1) : images, timing)));
  next('reading');
  rows.push(...(await measureReading(step, timing)));
  return { rows, summary: summarise(rows) };
}

function summarise(rows: readonly LimitRow[]): Summary {
  const find = (wanted: Partial<LimitRow>): LimitRow | undefined =>
    rows.find((row) => Object.entries(wanted).every(([column, value]) => row[column] === value));
  const numbers = {
    image_second_cache_peak_fraction: find({ kind: 'image' })?.peak_fraction,
    gru1024_10x_reading_vs_ort_web: find({ side: READING })?.vs_ort_web,
  };
  return Object.fromEntries(
    Object.entries(numbers).filter((entry): entry is [string, number] => typeof entry[1] === 'number'),
  );
}
