import type { Graph } from '@grim/ir';
import { checkDistinct } from '../files/check-distinct.ts';
import { checkOutputFile } from '../files/check-output-file.ts';
import { checkOutputFolder } from '../files/check-output-folder.ts';
import { writeOutputFile } from '../files/write-output-file.ts';
import { writeOutputFolder } from '../files/write-output-folder.ts';
import { prunePlots } from '../plots/prune-plots.ts';
import { version } from '../version.ts';
import type { PruneOptions } from './prune-options.ts';
import type { SearchReport } from './search-report.ts';
import { openCheckpoint, type Checkpoint } from './training/open-checkpoint.ts';

/** What there is to write when a model has been pruned. */
interface PrunedModel {
  /** Path of the model, for the table of the sensitivity. */
  readonly file: string;
  /** The `.grim` file. */
  readonly bytes: Uint8Array;
  readonly graph: Graph;
  readonly search: SearchReport | null;
}

/** Files that a run of pruning writes. */
export interface PruneFiles {
  readonly checkpoint: Checkpoint | undefined;
  /** Writes all that was asked for, and removes the checkpoint. */
  readonly write: (pruned: PrunedModel) => Promise<void>;
}

/**
 * Checks every file that will be written before any work is done, and reads a checkpoint where there is one.
 *
 * @throws GrimError naming a file that cannot be written, is an input or another output, or is no checkpoint.
 */
export async function openPruneFiles({
  model,
  output,
  data,
  labels,
  operators,
  sensitivity,
  latencyCache,
  plots,
  checkpoint: kept,
}: PruneOptions): Promise<PruneFiles> {
  const inputs = [model, ...Object.values(data ?? {}).flat(), ...given(labels), ...given(operators)];
  await checkOutputFile(output, inputs);
  const others = [...given(sensitivity), ...given(latencyCache)];
  for (const file of [...others, ...given(kept)]) await checkOutputFile(file, [...inputs, output]);
  if (plots !== undefined) await checkOutputFolder(plots);
  await checkDistinct([output, ...others, ...given(kept), ...given(plots)]);
  const checkpoint = kept === undefined ? undefined : await openCheckpoint(kept);
  return {
    checkpoint,
    write: async ({ file, bytes, graph, search }) => {
      await writeOutputFile(output, bytes);
      if (search && sensitivity !== undefined) {
        await writeOutputFile(sensitivity, `${JSON.stringify({ version, file, ...search }, null, 2)}\n`);
      }
      if (plots !== undefined) await writeOutputFolder(plots, await prunePlots(graph, search), inputs);
      await checkpoint?.remove();
    },
  };
}

function given(file: string | undefined): string[] {
  return file === undefined ? [] : [file];
}
