import { gzipSync } from 'node:zlib';
import { bcrcCodec } from '@grim/bcr';
import { GrimError, withContext, writeArtefact, type Graph } from '@grim/ir';
import {
  pruneByMagnitude,
  pruneByReconstruction,
  type CalibrationSequence,
  type PrunedGraph,
  type PruneReport,
} from '@grim/prune';
import { checkOutputFile } from '../files/check-output-file.ts';
import { writeOutputFile } from '../files/write-output-file.ts';
import type { ImportSettings } from '../model/import-settings.ts';
import { openModel } from '../model/open-model.ts';
import { requireGraph } from '../model/require-graph.ts';
import type { ProgressListener } from '../progress.ts';
import { version } from '../version.ts';
import { prunerOptions, type PruneMethod, type PruneSettings } from './prune-settings.ts';
import { readCalibration, type CalibrationFiles } from './read-calibration.ts';
import { pruneOption, recordPruning } from './recorded-pruning.ts';

/** What {@link runPrune} prunes, how, and where the result goes. */
export interface PruneOptions extends ImportSettings, PruneSettings, Partial<CalibrationFiles> {
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
}

/**
 * Prunes a model and writes its graph, with pruned weights in BCRC, to a `.grim` file.
 *
 * @param onProgress - Told about calibration and reconstruction.
 * @throws GrimError when the model or calibration inputs cannot be read, the options do not fit it, or the output cannot be written.
 */
export async function runPrune(options: PruneOptions, onProgress?: ProgressListener): Promise<PruneResult> {
  const { model: path, output, set, shapes, states, operators, data, hop, sampleRate, ...settings } = options;
  checkData(settings.method, { data, hop, sampleRate });
  await checkOutputFile(output, [path, ...Object.values(data ?? {}).flat()]);
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
  const { graph, report } = withContext({ file }, () => prune(dense, settings, calibration, onProgress));
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
  return {
    file,
    output,
    fileBytes: model.bytes.length,
    outputBytes: bytes.length,
    outputGzipBytes: gzipSync(bytes, { level: 9 }).length,
    method: settings.method,
    calibrationRuns: calibration.reduce((sum, sequence) => sum + sequence.length, 0),
    weights: report.weights,
    totals: report.totals,
  };
}

function prune(
  graph: Graph,
  settings: PruneSettings,
  calibration: readonly CalibrationSequence[],
  onProgress: ProgressListener | undefined,
): PrunedGraph {
  const options = prunerOptions(settings);
  if (settings.method === 'magnitude') return pruneByMagnitude(graph, options);
  return pruneByReconstruction(graph, calibration, { ...options, ...(onProgress && { onProgress }) });
}

/** Refuses data that would not be used, and a method without the data it needs. */
function checkData(method: PruneMethod, given: Readonly<Record<keyof CalibrationFiles, unknown>>): void {
  if (method === 'reconstruct') {
    if (given.data === undefined) {
      throw new GrimError('--method reconstruct needs calibration inputs: --data name=FILE');
    }
    return;
  }
  if (given.data ?? given.hop ?? given.sampleRate) {
    throw new GrimError('--data, --hop and --sample-rate are for --method reconstruct');
  }
}
