import { models } from '../../shapes/index.ts';
import type { Row } from '../results/benchmark-result.ts';
import type { Suite, SuiteContext, SuiteOutcome } from '../suite.ts';
import { accountBlocks } from './layers/account-blocks.ts';
import { layerPeaks } from './layers/layer-peaks.ts';
import { makeLayer } from './layers/layer.ts';
import { measureBreakEven } from './layers/measure-break-even.ts';
import { measureLayer } from './layers/measure-layer.ts';
import { measureTails } from './layers/measure-tails.ts';
import { summariseLayers } from './layers/summarise-layers.ts';
import type { Timing } from './layers/time-sides.ts';
import { progressWithRemainingTime } from './remaining-time.ts';

const full = {
  layers: { rounds: 15, roundMilliseconds: 400 },
  breakEven: { rounds: 7, roundMilliseconds: 150 },
  tails: { rounds: 25, roundMilliseconds: 100 },
} as const satisfies Record<string, Timing>;
const quick = {
  layers: { rounds: 3, roundMilliseconds: 50 },
  breakEven: { rounds: 3, roundMilliseconds: 20 },
  tails: { rounds: 3, roundMilliseconds: 20 },
} as const satisfies Record<string, Timing>;

/** Layers that a quick run measures: one of each kind. */
const quickLayers = /^(vgg16 conv5|mobilenetv2 block12_expand|gru-timit (recurrent|layer2)|tails)$/;

/** One layer at a time: GRIM dense and pruned beside compressed sparse rows and onnxruntime, in one process, on one thread. */
export const layers: Suite = {
  description:
    'Single layers of known networks, dense and pruned, beside CSR and onnxruntime: how close to the peak of the machine?',
  run: measure,
};

async function measure({ quick: isQuick, only, progress }: SuiteContext): Promise<SuiteOutcome> {
  const timing = isQuick ? quick : full;
  const isWanted = (name: string): boolean => (only ?? (isQuick ? quickLayers : /^/)).test(name);
  const wanted = models
    .flatMap(({ model, layers: shapes }) => shapes.map((shape) => ({ model, shape })))
    .filter(({ model, shape }) => isWanted(`${model} ${shape.name}`));
  const withTails = isWanted('tails');
  const step = progressWithRemainingTime(wanted.length + (withTails ? 1 : 0), progress);
  const peaks = await layerPeaks();

  const rows: Row[] = [];
  for (const { model, shape } of wanted) {
    step(`${model} ${shape.name}`);
    const layer = makeLayer(model, shape);
    rows.push(...(await measureLayer(layer, peaks, timing.layers)));
    const breakEven = await measureBreakEven(layer, timing.breakEven);
    if (breakEven) rows.push(breakEven);
    if (model === 'vgg16') rows.push(...accountBlocks(layer));
  }
  if (withTails) {
    step('tails');
    rows.push(...(await measureTails(timing.tails)));
  }
  return { rows, summary: summariseLayers(rows) };
}
