import { countNonZeros, encodeCsr, csrByteLength } from '@grim/bcr';
import type { Graph } from '@grim/ir';
import { identity, pruneWeights, type PrunedGraph, type Selection } from '../prune-weights.ts';
import { reportOf } from '../prune-report.ts';
import type { TrainedPruning } from './trained-pruning.ts';
import type { UnstructuredWeightReport } from './unstructured-report.ts';
import { masked } from './masked.ts';

/** What is kept of a weight. */
export interface FinalMask {
  readonly mask: Uint8Array;
  /** Share of its energy that was left when the mask was chosen. */
  readonly keptEnergy: number;
}

/** Records in the graph of a trainer, and reports, how its weights were pruned in blocks. */
export function recordBlocks(
  graph: Graph,
  selection: Selection,
  masks: ReadonlyMap<string, FinalMask>,
): PrunedGraph {
  return pruneWeights(graph, selection, ({ uses: [use], matrix }) => {
    const { mask, keptEnergy } = maskFor(masks, use.value);
    return { values: masked(matrix.values, mask), keptCells: count(mask), keptEnergy };
  });
}

/** Reports how weights were pruned element by element; the graph says nothing of it but their zeros. */
export function recordElements(
  graph: Graph,
  { uses, assigned, reasons }: Selection,
  masks: ReadonlyMap<string, FinalMask>,
): Pick<TrainedPruning, 'graph' | 'report'> {
  const assignments = new Map(assigned.flatMap((weight) => weight.uses.map((use) => [use, weight] as const)));
  const weights = uses.map((use) => {
    const weight = assignments.get(use);
    if (!weight) {
      const reason = reasons.get(use) ?? 'not selected';
      return { outcome: 'dense', ...identity(use), zeros: use.zeros, reason } as const;
    }
    const { mask, keptEnergy } = maskFor(masks, use.value);
    const { matrix, assignment } = weight;
    const report: UnstructuredWeightReport = {
      outcome: 'unstructured',
      ...identity(use),
      zeros: mask.length - countNonZeros(matrix.values),
      requestedRate: assignment.projection.rate,
      achievedRate: mask.length / count(mask),
      keptEnergy,
      csrBytes: csrByteLength(encodeCsr(matrix)),
    };
    return report;
  });
  return { graph, report: reportOf(weights) };
}

function maskFor(masks: ReadonlyMap<string, FinalMask>, name: string): FinalMask {
  const mask = masks.get(name);
  if (!mask) throw new Error(`no mask was chosen for ${name}`);
  return mask;
}

function count(mask: Uint8Array): number {
  return mask.reduce((sum, flag) => sum + flag, 0);
}
