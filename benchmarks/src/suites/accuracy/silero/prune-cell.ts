import type { Graph } from '@grim/ir';
import { pruneByMagnitude, pruneByReconstruction } from '@grim/prune';
import { compiledEvaluators } from '@grim/tuner';
import { formatDuration } from '../../remaining-time.ts';
import { calibrationRecipe, calibrationSequences } from './calibration.ts';

/** Methods that need no training. */
export type Method = 'magnitude' | 'reconstruct';

/**
 * How both methods prune: rows of a block share their columns, as kernels like it, and blocks of a matrix compete for theirs. The rate
 * of reconstruction is that of the model: it knows which layers can spare more.
 */
export const pruning = { block: { rows: 8, columns: 128 }, split: 'columns', budget: 'global' } as const;

/** Inputs that do least may be cut off. */
const inputs = { keepEveryColumn: false } as const;

/** Seconds of speech from each package of the calibration, and the seed of what is done to it. */
const calibrationSeconds = { full: 150, quick: 20 };
const seed = 1;

/** Everything that decides what a method makes of the model. */
export function pruningRecipe(method: Method, quick: boolean): object {
  if (method === 'magnitude') return pruning;
  return { ...pruning, rateOf: 'model', seconds: secondsOf(quick), seed, ...calibrationRecipe };
}

/** The model pruned to a rate. */
export async function pruned(
  graph: Graph,
  method: Method,
  rate: number,
  quick: boolean,
  progress: (line: string) => void,
): Promise<Graph> {
  if (method === 'magnitude') return pruneByMagnitude(graph, { rate, ...pruning, ...inputs }).graph;
  const start = performance.now();
  let told = 0;
  const result = await pruneByReconstruction(graph, calibrationSequences(secondsOf(quick), seed), {
    rate,
    rateOf: 'model',
    ...pruning,
    ...inputs,
    createEvaluator: compiledEvaluators(graph.name),
    onProgress: ({ stage, done, total }) => {
      const share = Math.floor((10 * done) / total) / 10;
      if (stage !== 'calibrating' || share <= told) return;
      told = share;
      const left = ((performance.now() - start) / done) * (total - done);
      progress(`calibration ${100 * share} %, ${formatDuration(left)} left`);
    },
  });
  return result.graph;
}

function secondsOf(quick: boolean): number {
  return quick ? calibrationSeconds.quick : calibrationSeconds.full;
}
