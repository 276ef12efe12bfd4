import { gruTimit } from '../../shapes/gru-timit.ts';
import { vgg16 } from '../../shapes/vgg16.ts';
import type { Row } from '../results/benchmark-result.ts';
import type { Suite, SuiteContext, SuiteOutcome } from '../suite.ts';
import { measureAblation } from './ablation/measure-ablation.ts';
import { summariseAblation } from './ablation/summarise-ablation.ts';
import { variantsOf } from './ablation/variants.ts';
import { makeLayer } from './layers/layer.ts';
import { isPrunable } from './layers/pruning.ts';
import { progressWithRemainingTime } from './remaining-time.ts';

const full = { rounds: 15, roundMilliseconds: 300 };
const quick = { rounds: 3, roundMilliseconds: 30 };

/** Layers that a quick run measures. */
const quickLayers = /^(vgg16 conv5|gru-timit recurrent)$/;

/** What each part of a sparse kernel contributes, added one after the other and left out one at a time. */
export const ablation: Suite = {
  description: 'What do tiles, shared column lists and matrix reorder each contribute to a pruned layer?',
  run: measure,
};

async function measure({ quick: isQuick, only, progress }: SuiteContext): Promise<SuiteOutcome> {
  const pattern = only ?? (isQuick ? quickLayers : /^/);
  const layers = [vgg16, gruTimit]
    .flatMap(({ model, layers }) => layers.map((shape) => ({ model, shape })))
    .filter(({ model, shape }) => pattern.test(`${model} ${shape.name}`))
    .map(({ model, shape }) => makeLayer(model, shape))
    .filter((layer) => isPrunable(layer) && variantsOf(layer) !== undefined);
  const step = progressWithRemainingTime(layers.length, progress);
  const rows: Row[] = [];
  for (const layer of layers) {
    step(`${layer.model} ${layer.shape.name}`);
    rows.push(...(await measureAblation(layer, isQuick ? quick : full)));
  }
  return { rows, summary: summariseAblation(rows) };
}
