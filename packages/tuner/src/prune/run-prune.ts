import { gzipSync } from 'node:zlib';
import { bcrcCodec } from '@grim/bcr';
import { writeArtefact, type Graph } from '@grim/ir';
import {
  pruneByMagnitude,
  pruneByReconstruction,
  type CalibrationSequence,
  type LatencyModel,
  type PrunedGraph,
  type PruneReport,
  type ReconstructionOptions,
} from '@grim/prune';
import { namingFile } from '../files/naming-file.ts';
import { openLatencyModel } from '../latency/open-latency-model.ts';
import { denseGraph } from '../model/dense-graph.ts';
import { importSettingsOf } from '../model/import-settings.ts';
import { openModel } from '../model/open-model.ts';
import { requireGraph } from '../model/require-graph.ts';
import type { ProgressListener } from '../progress.ts';
import { version } from '../version.ts';
import { checkPruneSettings } from './check-prune-settings.ts';
import { compiledEvaluators } from './compiled-evaluators.ts';
import { openPruneFiles } from './prune-files.ts';
import type { PruneOptions } from './prune-options.ts';
import { isTraining, prunerOptions, type PruneMethod, type PruneSettings } from './prune-settings.ts';
import { pruneByTraining, type TrainingSummary } from './training/prune-by-training.ts';
import { checkTraining, trainingSettingsOf } from './training/training-settings.ts';
import { readCalibration } from './read-calibration.ts';
import { pruneOption, recordPruning } from './recorded-pruning.ts';
import { latencyLimit, searchPruning } from './search-pruning.ts';
import type { SearchReport } from './search-report.ts';

/** What was pruned. */
export interface PruneResult {
  readonly file: string;
  readonly output: string;
  readonly fileBytes: number;
  readonly outputBytes: number;
  readonly outputGzipBytes: number;
  /** How what is kept was chosen. */
  readonly method: PruneMethod;
  /** Runs of the model on calibration inputs; 0 when the method needs none. */
  readonly calibrationRuns: number;
  /** One entry per weight, pruned or not and why; then the sums. */
  readonly weights: PruneReport['weights'];
  readonly totals: PruneReport['totals'];
  /** What was found rather than given, and the tables behind it; `null` where nothing was searched. */
  readonly search: SearchReport | null;
  /** How it was trained, and what that is worth; `null` for methods without training. */
  readonly training: TrainingSummary | null;
}

/**
 * Prunes a model and writes its graph, with pruned weights in BCRC, to a `.grim` file. Blocks that are `auto`, and rates where there is a
 * target, are searched before; the file says what was found as if it had been given.
 *
 * @param onProgress - Told about search, calibration, reconstruction and training.
 * @param signal - Stops a search, or training between two steps, after a last checkpoint where there is a file for it; its reason is thrown.
 * @throws GrimError when the model or calibration inputs cannot be read, the options do not fit it, a target cannot be reached, the
 * checkpoint is of another run, or the output cannot be written.
 */
export async function runPrune(
  options: PruneOptions,
  onProgress?: ProgressListener,
  signal?: AbortSignal,
): Promise<PruneResult> {
  const { model: path, output, operators, data, method } = options;
  const trainingSettings = trainingSettingsOf(options);
  checkTraining(method, trainingSettings);
  checkPruneSettings(options);
  const files = await openPruneFiles(options);
  const model = await openModel(path, importSettingsOf(options));
  const { file, provenance } = model;
  const dense = requireGraph(model);
  const calibration = data ? await readCalibration(dense, { ...options, data }) : [];
  const createEvaluator = compiledEvaluators(file, operators);
  const latency = await openLatencyModel(options);
  const found = await namingFile(file, () =>
    searchPruning(dense, options, { calibration, createEvaluator }, latency, (progress) => {
      signal?.throwIfAborted();
      onProgress?.(progress);
    }),
  );
  const { settings, ...tables } = found;
  const trained = isTraining(settings.method)
    ? await namingFile(file, () =>
        pruneByTraining(dense, settings, calibration, trainingSettings, {
          ...(onProgress && { onProgress }),
          ...(signal && { signal }),
          ...(files.checkpoint && { checkpoint: files.checkpoint }),
        }),
      )
    : null;
  const { graph, report } =
    trained ??
    (await namingFile(file, () =>
      prune(dense, settings, calibration, { createEvaluator, ...(onProgress && { onProgress }) }),
    ));
  const search = isSearched(tables)
    ? reportOf(tables, await networkTimes(latency, dense, graph), options.target)
    : null;
  const bytes = writeArtefact(
    {
      graph,
      provenance: {
        ...provenance,
        grimVersion: version,
        options: {
          ...provenance.options,
          [pruneOption]: recordPruning(provenance, settings, trained?.summary),
        },
      },
    },
    { codecs: [bcrcCodec], file },
  );
  await files.write({ file, bytes, graph, search });
  return {
    file,
    output,
    fileBytes: model.bytes.length,
    outputBytes: bytes.length,
    outputGzipBytes: gzipSync(bytes, { level: 9 }).length,
    method: settings.method,
    calibrationRuns: trained ? 0 : calibration.reduce((sum, sequence) => sum + sequence.length, 0),
    weights: withReasons(report.weights, found.rates),
    totals: report.totals,
    search,
    training: trained?.summary ?? null,
  };
}

/** Weights that were left at rate 1 stay dense for the reason that the search had. */
function withReasons(weights: PruneReport['weights'], rates: SearchReport['rates']): PruneReport['weights'] {
  const reasons = new Map(
    rates?.weights.flatMap(({ weights: names, reason }) =>
      reason === undefined ? [] : names.map((name) => [name, reason] as const),
    ),
  );
  return weights.map((weight) => {
    const reason = reasons.get(`${weight.layer}:${weight.operand}`);
    return weight.outcome === 'dense' && reason !== undefined ? { ...weight, reason } : weight;
  });
}

function reportOf(
  tables: Omit<SearchReport, 'latencyTarget' | 'network'>,
  network: SearchReport['network'],
  target: PruneOptions['target'],
): SearchReport {
  if (target?.of !== 'latency') return { ...tables, network, latencyTarget: null };
  const seconds = latencyLimit(target, network.denseSeconds);
  return { ...tables, network, latencyTarget: { seconds, reached: network.prunedSeconds <= seconds } };
}

function isSearched({ blocks, sensitivity }: Pick<SearchReport, 'blocks' | 'sensitivity'>): boolean {
  return blocks !== null || sensitivity !== null;
}

async function networkTimes(
  latency: LatencyModel,
  dense: Graph,
  pruned: Graph,
): Promise<SearchReport['network']> {
  const [denseSeconds = NaN, prunedSeconds = NaN] = await latency.networks([denseGraph(dense), pruned]);
  return { denseSeconds, prunedSeconds };
}

async function prune(
  graph: Graph,
  settings: PruneSettings,
  calibration: readonly CalibrationSequence[],
  running: Pick<ReconstructionOptions, 'createEvaluator' | 'onProgress'>,
): Promise<PrunedGraph> {
  const options = prunerOptions(settings);
  if (settings.method === 'magnitude') return pruneByMagnitude(graph, options);
  const { rateOf } = settings;
  return pruneByReconstruction(graph, calibration, { ...options, ...running, ...(rateOf && { rateOf }) });
}
