import { GrimError, type Graph } from '@grim/ir';
import {
  chooseRates,
  chosenBlocks,
  chosenRates,
  measureSensitivity,
  pruneByMagnitude,
  searchBlocks,
  leastCost,
  type BlockSearch,
  type CalibrationSequence,
  type CreateEvaluator,
  type LatencyModel,
  type RateChoice,
  type RateTarget,
  type Sensitivity,
} from '@grim/prune';
import { denseGraph } from '../model/dense-graph.ts';
import type { ProgressListener } from '../progress.ts';
import { isTraining, prunerOptions, type PruneSettings } from './prune-settings.ts';
import type { SearchSettings } from './search-settings.ts';

/** How a model is to be pruned where something of it is searched. */
export interface OpenPruneSettings extends Omit<PruneSettings, 'block' | 'rate'>, SearchSettings {
  /** Absent where there is a target. */
  readonly rate?: PruneSettings['rate'];
  /** Blocks, or `auto` to find them by latency. */
  readonly block: PruneSettings['block'] | 'auto';
}

/** What a search found: how to prune, and why. */
export interface FoundPruning {
  readonly settings: PruneSettings;
  readonly blocks: BlockSearch | null;
  readonly sensitivity: Sensitivity | null;
  readonly rates: RateChoice | null;
}

/** Calibration inputs, none where there are none, and what runs networks on them. */
export interface CalibrationSource {
  readonly calibration: readonly CalibrationSequence[];
  readonly createEvaluator: CreateEvaluator;
}

/** The rate at which blocks are found where rates are chosen after them: in the middle of those that are tried. */
const rateForBlocks = 4;

/** How often layers are allowed less because their network takes longer than their sum; the last time as little as they can take. */
const attempts = 4;

/**
 * Finds blocks where they are `auto`, then rates where there is a target. The settings that come out say everything explicitly, so that
 * a file pruned with them tells how.
 *
 * @throws GrimError as the searches do.
 */
export async function searchPruning(
  graph: Graph,
  open: OpenPruneSettings,
  { calibration, createEvaluator }: CalibrationSource,
  latency: LatencyModel,
  onProgress?: ProgressListener,
): Promise<FoundPruning> {
  const { rate = rateForBlocks, block, target, slowdown, sensitivity: file, ...others } = open;
  let blocks: BlockSearch | null = null;
  let settings: PruneSettings = { ...explicitSettings(others), rate, block: block === 'auto' ? {} : block };
  if (block === 'auto') {
    blocks = await searchBlocks(graph, latency, {
      ...prunerOptions(settings),
      ...(slowdown !== undefined && { slowdown }),
      onProgress: (done, total) => onProgress?.({ stage: 'timing blocks', done, total }),
    });
    settings = { ...settings, block: chosenBlocks(blocks) };
  }
  if (!target && file === undefined) return { settings, blocks, sensitivity: null, rates: null };
  const sensitivity = await measureSensitivity(graph, latency, {
    ...prunerOptions(settings),
    // Rates are chosen before training, by what can be known without it.
    method: isTraining(settings.method) ? 'magnitude' : settings.method,
    ...(calibration.length > 0 && { calibration }),
    createEvaluator,
    ...(onProgress && { onProgress }),
  });
  if (!target) return { settings, blocks, sensitivity, rates: null };
  const rates = await ratesWithin(graph, settings, latency, sensitivity, target);
  return { settings: { ...settings, rate: chosenRates(rates) }, blocks, sensitivity, rates };
}

/**
 * Rates for a target. Layers take another time in a network than alone: where the network at the chosen rates takes longer than allowed,
 * its layers are allowed less, until it does not. The network is pruned by magnitude for that: only its time counts.
 */
async function ratesWithin(
  graph: Graph,
  settings: PruneSettings,
  latency: LatencyModel,
  sensitivity: Sensitivity,
  target: RateTarget,
): Promise<RateChoice> {
  const wished = chooseRates(sensitivity, target);
  if (target.of !== 'latency') return wished;
  const least = leastCost(sensitivity, 'latency');
  let choice = wished;
  for (let attempt = 1; ; attempt++) {
    const options = prunerOptions({ ...settings, rate: chosenRates(choice) });
    const pruned = pruneByMagnitude(graph, options).graph;
    const [dense = NaN, seconds = NaN] = await latency.networks([denseGraph(graph), pruned]);
    const allowed = latencyLimit(target, dense);
    if (seconds <= allowed) break;
    if (choice.limit === least) {
      // What is measured is not the same again; the report says whether the target was reached in the end.
      if (latency.source.kind === 'measurement') break;
      throw new GrimError(
        `the target of ${milliseconds(allowed)} cannot be reached: at the greatest rates that were tried the network takes ${milliseconds(seconds)} (${(seconds / dense).toPrecision(3)}x of the dense network)`,
      );
    }
    const tighter = (choice.limit * allowed) / seconds;
    const atMost = attempt < attempts ? Math.max(tighter, least) : least;
    choice = chooseRates(sensitivity, { of: 'latency', atMost });
  }
  return { ...choice, limit: wished.limit };
}

/** The seconds that a target of latency allows a network that takes so many when it is dense. */
export function latencyLimit({ atMost, isShare = false }: RateTarget, denseSeconds: number): number {
  return isShare ? atMost * denseSeconds : atMost;
}

function milliseconds(seconds: number): string {
  return `${Number((seconds * 1e3).toPrecision(4))} ms`;
}

/** Only what a file keeps of how it was pruned. */
function explicitSettings({
  method,
  rateOf,
  split,
  layers,
  exclude,
  minimumParameters,
  keepDiagonal,
  cutInputs,
}: Omit<PruneSettings, 'block' | 'rate'>): Omit<PruneSettings, 'block' | 'rate'> {
  return {
    method,
    split,
    ...(rateOf && { rateOf }),
    ...(layers && { layers }),
    ...(exclude && { exclude }),
    ...(minimumParameters !== undefined && { minimumParameters }),
    ...(keepDiagonal !== undefined && { keepDiagonal }),
    ...(cutInputs !== undefined && { cutInputs }),
  };
}
