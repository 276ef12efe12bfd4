import { vgg16 } from '../../shapes/vgg16.ts';
import { requireRelaxedSimd } from '../measuring/web-assembly-features.ts';
import type { Row } from '../results/benchmark-result.ts';
import type { Suite, SuiteContext, SuiteOutcome } from '../suite.ts';
import { layerPeaks } from './layers/layer-peaks.ts';
import { makeLayer } from './layers/layer.ts';
import { measureLayer } from './layers/measure-layer.ts';
import { summariseLayers } from './layers/summarise-layers.ts';
import type { Timing } from './layers/time-sides.ts';
import { progressWithRemainingTime } from './remaining-time.ts';

const full: Timing = { rounds: 15, roundMilliseconds: 400 };
const quick: Timing = { rounds: 3, roundMilliseconds: 50 };

/** The pruned layers of VGG-16 with and without relaxed SIMD, beside each other: for engines newer than the oldest supported. */
export const relaxed: Suite = {
  description: 'Pruned layers of VGG-16 with relaxed SIMD: how much does a fused multiply-add give?',
  run: measure,
};

async function measure({ quick: isQuick, only = /^/, progress }: SuiteContext): Promise<SuiteOutcome> {
  requireRelaxedSimd();
  const [, ...others] = vgg16.layers;
  const shapes = (isQuick ? others.slice(-1) : others).filter(({ name }) => only.test(`vgg16 ${name}`));
  const step = progressWithRemainingTime(shapes.length, progress);
  const peaks = await layerPeaks();
  const rows: Row[] = [];
  for (const shape of shapes) {
    step(`vgg16 ${shape.name}`);
    const layer = makeLayer('vgg16', shape);
    rows.push(
      ...(await measureLayer(layer, peaks, isQuick ? quick : full, ['dense', 'pruned', 'relaxed', 'web'])),
    );
  }
  const { vgg_8x_relaxed_peak_fraction } = summariseLayers(rows);
  return {
    rows,
    summary: vgg_8x_relaxed_peak_fraction === undefined ? {} : { vgg_8x_relaxed_peak_fraction },
  };
}
