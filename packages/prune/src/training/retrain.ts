import { GrimError, type Graph } from '@grim/ir';
import type { AssignedWeight, Selection } from '../prune-weights.ts';
import { weightName, weightUses, type WeightUse } from '../selection/weight-use.ts';
import { phaseSetting } from './pruning-settings.ts';
import { pruneBy, retrainingPhase } from './retraining.ts';
import { runMethod } from './run-method.ts';
import type { ElementMasks, TrainedPruning } from './trained-pruning.ts';
import type { TrainedWeight } from './trained-weights.ts';
import type { Trainer } from './trainer.ts';
import type { TrainingBatches } from './training-batches.ts';
import type { RunOptions, TrainingPhase } from './training-options.ts';
import type { UnstructuredWeightReport } from './unstructured-report.ts';
import type { PrunedWeightReport } from '../prune-report.ts';

/** A network that was pruned, by any method of this package. */
export type Pruned = Pick<TrainedPruning, 'graph' | 'report'> & Partial<Pick<TrainedPruning, 'masks'>>;

/** What {@link retrain} trains. */
export interface RetrainOptions extends RunOptions, TrainingPhase {
  /**
   * What the network was pruned to. Its masks count, or without them the zeros of its graph; values stay those of the
   * trainer. A trainer that is to go on from values that reconstruction chose is made from the pruned graph.
   */
  readonly pruned: Pruned;
}

const name = 'retrain';

/**
 * Trains what is left of a pruned network: pruned weights get no gradient and stay +0.
 *
 * @param trainer - The network, whose layers and constants have the names that they have in the pruned graph.
 * @param batches - What it is trained on.
 * @param options - The pruned network, epochs and learning rate.
 * @returns The network of the trainer, pruned and reported as the given one, and the trace.
 * @throws `GrimError` naming the layer when the trainer lacks a pruned weight or it has another shape; when a loss, gradient or weight is
 * not finite; when a checkpoint does not fit. What the abort signal has as its reason when it stops the run.
 */
export async function retrain<Batch>(
  trainer: Trainer<Batch>,
  batches: TrainingBatches<Batch>,
  options: RetrainOptions,
): Promise<TrainedPruning> {
  const { pruned, ...retraining } = options;
  const { weights } = pruned.report;
  const masks = masksOf(pruned);
  return runMethod(
    trainer,
    batches,
    {
      name,
      pattern: weights.some(({ outcome }) => outcome === 'unstructured') ? 'unstructured' : 'bcr',
      select: (graph) => selectAsReported(graph, pruned),
      choosesMasks: false,
      phases: (run) => [
        retrainingPhase(run, retraining, () => {
          for (const weight of run.weights) pruneBy(run, weight, maskOf(masks, weight));
        }),
      ],
      settings: {
        retraining: phaseSetting(retraining, name),
        masks: Object.fromEntries([...masks].map(([weight, mask]) => [weight, digest(mask)])),
      },
    },
    options,
  );
}

type SparseWeightReport = PrunedWeightReport | UnstructuredWeightReport;

function isSparse(report: Pruned['report']['weights'][number]): report is SparseWeightReport {
  return report.outcome !== 'dense';
}

function masksOf({ graph, report, masks }: Pruned): ElementMasks {
  return new Map(
    report.weights.filter(isSparse).map(({ value, layer, operand }): [string, Uint8Array] => {
      const mask =
        masks?.get(value) ?? graph.constants.get(value)?.data.map((weight) => (weight === 0 ? 0 : 1));
      if (!mask)
        throw new GrimError(`the pruned graph lacks its weights ${value}`, { layer: `${layer}:${operand}` });
      return [value, Uint8Array.from(mask)];
    }),
  );
}

/** The weights that a report says are pruned, in another graph of the same network. */
function selectAsReported(graph: Graph, { report }: Pruned): Selection {
  const uses = weightUses(graph);
  const reasons = new Map<WeightUse, string>();
  const assigned = new Map<string, AssignedWeight>();
  const reports = new Map(report.weights.map((each) => [`${each.layer}:${each.operand}`, each]));
  for (const use of uses) {
    const layer = weightName(use);
    const before = reports.get(layer);
    reports.delete(layer);
    if (!before) throw new GrimError('is not in the pruned network', { layer });
    if (!isSparse(before)) {
      reasons.set(use, before.reason);
      continue;
    }
    const tensor = graph.constants.get(use.value);
    if (use.value !== before.value || use.rows !== before.rows || use.columns !== before.columns || !tensor) {
      throw new GrimError(
        `has weights ${use.value} of ${use.rows}x${use.columns} in the trainer, ${before.value} of ${before.rows}x${before.columns} in the pruned network`,
        { layer },
      );
    }
    const same = assigned.get(use.value);
    assigned.set(use.value, {
      uses: same ? [...same.uses, use] : [use],
      assignment: assignmentOf(before),
      matrix: { rows: use.rows, columns: use.columns, values: tensor.data },
    });
  }
  for (const [layer, { outcome }] of reports) {
    if (outcome !== 'dense') throw new GrimError('is pruned, but the trainer has no such layer', { layer });
  }
  return { uses, assigned: [...assigned.values()], reasons };
}

function assignmentOf(report: SparseWeightReport): AssignedWeight['assignment'] {
  const block = report.outcome === 'pruned' ? report.block : { rows: 1, columns: 1 };
  const clippedFrom = report.outcome === 'pruned' ? report.clippedFrom : undefined;
  return {
    requestedBlock: clippedFrom ?? block,
    grid: { blockRows: block.rows, blockColumns: block.columns },
    projection: { rate: report.requestedRate },
  };
}

/** The mask of a weight, which has a flag for each of its values. */
function maskOf(masks: ReadonlyMap<string, Uint8Array>, { name, layer, matrix }: TrainedWeight): Uint8Array {
  const mask = masks.get(name);
  if (mask?.length === matrix.values.length) return mask;
  throw new GrimError(
    `the mask of ${name} has ${mask?.length ?? 0} flags, its weights are ${matrix.rows}x${matrix.columns}`,
    { layer },
  );
}

/** Tells masks apart (FNV-1a). */
function digest(mask: Uint8Array): number {
  return mask.reduce((hash, flag) => Math.imul(hash ^ flag, 0x01000193) >>> 0, 0x811c9dc5);
}
