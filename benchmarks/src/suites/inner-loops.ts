import { requireRelaxedSimd } from '../measuring/web-assembly-features.ts';
import type { Suite, SuiteContext, SuiteOutcome } from '../suite.ts';
import type { ConvShape } from './layers/layer-shape.ts';
import { ADDING, measureBlocks } from './inner-loops/measure-blocks.ts';
import { measureColumns } from './inner-loops/measure-columns.ts';
import { progressWithRemainingTime } from './remaining-time.ts';

const full = { rounds: 25, roundMilliseconds: 600 };
const quick = { rounds: 3, roundMilliseconds: 30 };

/** conv1_2 of VGG-16: over a part of its image that caches hold, and over all of it. */
const images = ([28, 224] as const).map((height): ConvShape => {
  const size = [height, height === 28 ? 56 : height] as const;
  return { kind: 'conv', name: `image${height}`, inputs: 64, outputs: 64, kernel: 3, stride: 1, size };
});

/** The recurrent product of a GRU with 1024 units. */
const product = { kind: 'linear', name: 'product', rows: 3072, columns: 1024 } as const;

/** Widths of its blocks. */
const widths = [64, 256] as const;

/** The loops that kernels repeat, by themselves: what keeps them from the peak keeps kernels from it. */
export const innerLoops: Suite = {
  description: 'Inner loops by themselves beside the layers they are from: what is left to gain?',
  run: measure,
};

async function measure({ quick: isQuick, progress }: SuiteContext): Promise<SuiteOutcome> {
  requireRelaxedSimd();
  const timing = isQuick ? quick : full;
  const next = progressWithRemainingTime(1 + widths.length, progress);
  next('columns');
  const rows = await measureColumns(isQuick ? images.slice(0, 1) : images, timing);
  for (const width of widths) {
    next(`blocks of 32×${width}`);
    rows.push(...(await measureBlocks(product, width, timing)));
  }
  const narrow = rows.find(({ kind, side }) => kind === 'blocks' && side === ADDING);
  return { rows, summary: { spmv_32x64_limit_vs_csr: narrow?.vs_csr ?? Number.NaN } };
}
