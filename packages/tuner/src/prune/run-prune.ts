import { gzipSync } from 'node:zlib';
import { bcrcCodec } from '@grim/bcr';
import { GrimError, writeArtefact, type Graph } from '@grim/ir';
import {
  pruneByMagnitude,
  pruneByReconstruction,
  type CalibrationSequence,
  type LatencyModel,
  type PrunedGraph,
  type PruneReport,
  type ReconstructionOptions,
} from '@grim/prune';
import { checkOutputFile } from '../files/check-output-file.ts';
import { checkOutputFolder } from '../files/check-output-folder.ts';
import { namingFile } from '../files/naming-file.ts';
import { writeOutputFile } from '../files/write-output-file.ts';
import { writeOutputFolder } from '../files/write-output-folder.ts';
import { openLatencyModel } from '../latency/open-latency-model.ts';
import { denseGraph } from '../model/dense-graph.ts';
import type { ImportSettings } from '../model/import-settings.ts';
import { openModel } from '../model/open-model.ts';
import { requireGraph } from '../model/require-graph.ts';
import { prunePlots } from '../plots/prune-plots.ts';
import type { ProgressListener } from '../progress.ts';
import { version } from '../version.ts';
import { compiledEvaluators } from './compiled-evaluators.ts';
import { isTraining, prunerOptions, type PruneMethod, type PruneSettings } from './prune-settings.ts';
import { openCheckpoint } from './training/open-checkpoint.ts';
import { pruneByTraining, type TrainingSummary } from './training/prune-by-training.ts';
import { checkTraining, type TrainingSettings } from './training/training-settings.ts';
import { readCalibration, type CalibrationFiles } from './read-calibration.ts';
import { pruneOption, recordPruning } from './recorded-pruning.ts';
import { searchPruning, type OpenPruneSettings } from './search-pruning.ts';
import type { SearchReport } from './search-report.ts';

/** What {@link runPrune} prunes, how, and where the result goes. */
export interface PruneOptions
  extends ImportSettings, OpenPruneSettings, Partial<CalibrationFiles>, TrainingSettings {
  /** Path of an `.onnx` file, or of a `.grim` file with a graph. */
  readonly model: string;
  /** Path of the `.grim` file to write. */
  readonly output: string;
}

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
 * @param signal - Stops training between two steps, after a last checkpoint where there is a file for it; its reason is thrown.
 * @throws GrimError when the model or calibration inputs cannot be read, the options do not fit it, a target cannot be reached, the
 * checkpoint is of another run, or the output cannot be written.
 */
export async function runPrune(
  options: PruneOptions,
  onProgress?: ProgressListener,
  signal?: AbortSignal,
): Promise<PruneResult> {
  const { model: path, output, set, shapes, states, operators, data, hop, sampleRate, ...others } = options;
  const {
    labels,
    epochs,
    learningRate,
    batchSize,
    seed,
    validationShare,
    checkpoint: kept,
    ...open
  } = others;
  const trainingSettings = {
    labels,
    epochs,
    learningRate,
    batchSize,
    seed,
    validationShare,
    checkpoint: kept,
  };
  checkTraining(open.method, trainingSettings);
  const { sensitivity: sensitivityFile, latencyCache, plots } = open;
  checkSettings(open, { data, hop, sampleRate });
  const inputs = [path, ...Object.values(data ?? {}).flat(), ...(labels === undefined ? [] : [labels])];
  await checkOutputFile(output, inputs);
  for (const file of [sensitivityFile, latencyCache]) {
    if (file !== undefined) await checkOutputFile(file, [...inputs, output]);
  }
  if (plots !== undefined) await checkOutputFolder(plots);
  if (kept !== undefined && open.latencyModel === 'measured') {
    throw new GrimError(
      '--checkpoint is not for --latency-model measured: what is measured is not the same again; search first, then train with the blocks and rates found',
    );
  }
  const checkpoint =
    kept === undefined
      ? undefined
      : await openCheckpoint(kept, inputs, [
          output,
          ...(sensitivityFile === undefined ? [] : [sensitivityFile]),
        ]);
  const model = await openModel(path, {
    ...(set && { set }),
    ...(shapes && { shapes }),
    ...(states && { states }),
    ...(operators !== undefined && { operators }),
  });
  const { file, provenance } = model;
  const dense = requireGraph(model);
  const calibration = data
    ? await readCalibration(dense, {
        data,
        ...(hop !== undefined && { hop }),
        ...(sampleRate !== undefined && { sampleRate }),
      })
    : [];
  const createEvaluator = compiledEvaluators(file, operators);
  const latency = await openLatencyModel({
    kind: open.latencyModel ?? 'estimate',
    ...(latencyCache !== undefined && { cache: latencyCache }),
    ...(operators !== undefined && { operators }),
  });
  const found = await namingFile(file, () =>
    searchPruning(dense, open, { calibration, createEvaluator }, latency, onProgress),
  );
  const { settings, ...tables } = found;
  const trained = isTraining(settings.method)
    ? await namingFile(file, () =>
        pruneByTraining(dense, settings, calibration, trainingSettings, {
          ...(onProgress && { onProgress }),
          ...(signal && { signal }),
          ...(checkpoint && { checkpoint }),
        }),
      )
    : null;
  const { graph, report } =
    trained ??
    (await namingFile(file, () =>
      prune(dense, settings, calibration, { createEvaluator, ...(onProgress && { onProgress }) }),
    ));
  const search = isSearched(tables)
    ? { ...tables, network: await networkTimes(latency, dense, graph) }
    : null;
  const bytes = writeArtefact(
    {
      graph,
      provenance: {
        ...provenance,
        grimVersion: version,
        options: { ...provenance.options, [pruneOption]: recordPruning(provenance, settings) },
      },
    },
    { codecs: [bcrcCodec], file },
  );
  await writeOutputFile(output, bytes);
  if (search && sensitivityFile !== undefined) {
    await writeOutputFile(sensitivityFile, `${JSON.stringify({ version, file, ...search }, null, 2)}\n`);
  }
  if (plots !== undefined) await writeOutputFolder(plots, await prunePlots(graph, search), inputs);
  await checkpoint?.remove();
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

/** Refuses options that contradict each other, or that would not be used. */
function checkSettings(
  {
    method,
    rate,
    rateOf,
    block,
    target,
    slowdown,
    latencyModel,
    latencyCache,
    sensitivity,
  }: OpenPruneSettings,
  given: Readonly<Record<keyof CalibrationFiles, unknown>>,
): void {
  if (rate === undefined && !target) {
    throw new GrimError(
      'how far to prune is not given: --rate, or one of --target-latency, --target-size and --target-macs',
    );
  }
  if (rate !== undefined && target) {
    throw new GrimError(
      `--rate and --target-${target.of} exclude each other: rates are chosen for the target`,
    );
  }
  if (rateOf === 'model' && (target ?? method !== 'reconstruct')) {
    throw new GrimError('--rate-of model is for --method reconstruct with a --rate');
  }
  if (slowdown !== undefined && block !== 'auto') throw new GrimError('--slowdown is for --block auto');
  const triesRates = target !== undefined || sensitivity !== undefined;
  if ((latencyModel ?? latencyCache) !== undefined && block !== 'auto' && !triesRates) {
    throw new GrimError(
      '--latency-model and --latency-cache are for --block auto, targets and --sensitivity',
    );
  }
  if (latencyCache !== undefined && latencyModel !== 'measured') {
    throw new GrimError('--latency-cache is for --latency-model measured');
  }
  if (method !== 'magnitude') {
    if (given.data === undefined) {
      const needed = isTraining(method) ? 'examples' : 'calibration inputs';
      throw new GrimError(`--method ${method} needs ${needed}: --data name=FILE`);
    }
    return;
  }
  if ((given.data ?? given.hop ?? given.sampleRate) !== undefined && !triesRates) {
    throw new GrimError(
      '--data, --hop and --sample-rate are for methods other than magnitude, targets and --sensitivity',
    );
  }
}
