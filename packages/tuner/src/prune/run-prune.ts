import { gzipSync } from 'node:zlib';
import { bcrcCodec } from '@grim/bcr';
import { withContext, writeArtefact } from '@grim/ir';
import { pruneByMagnitude, type PruneReport } from '@grim/prune';
import { checkOutputFile } from '../files/check-output-file.ts';
import { writeOutputFile } from '../files/write-output-file.ts';
import type { ImportSettings } from '../model/import-settings.ts';
import { openModel } from '../model/open-model.ts';
import { requireGraph } from '../model/require-graph.ts';
import { version } from '../version.ts';
import { prunerOptions, type PruneSettings } from './prune-settings.ts';
import { pruneOption, recordPruning } from './recorded-pruning.ts';

/** What {@link runPrune} prunes, how, and where the result goes. */
export interface PruneOptions extends ImportSettings, PruneSettings {
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
  /** One entry per weight, pruned or not and why; then the sums. */
  readonly weights: PruneReport['weights'];
  readonly totals: PruneReport['totals'];
}

/**
 * Prunes a model and writes its graph, with pruned weights in BCRC, to a `.grim` file.
 *
 * @throws GrimError when the model cannot be read, the options do not fit it, or the output cannot be written.
 */
export async function runPrune(options: PruneOptions): Promise<PruneResult> {
  const { model: path, output, set, shapes, states, operators, ...settings } = options;
  await checkOutputFile(output, [path]);
  const model = await openModel(path, {
    ...(set && { set }),
    ...(shapes && { shapes }),
    ...(states && { states }),
    ...(operators !== undefined && { operators }),
  });
  const { file, provenance } = model;
  const { graph, report } = withContext({ file }, () =>
    pruneByMagnitude(requireGraph(model), prunerOptions(settings)),
  );
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
    weights: report.weights,
    totals: report.totals,
  };
}
