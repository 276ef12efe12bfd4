import {
  accountBytes,
  applyMask,
  countNonZeros,
  keptCells,
  keptEnergy,
  projectMagnitude,
  type Matrix,
} from '@grim/bcr';
import { GrimError, type Graph } from '@grim/ir';
import {
  reportOf,
  type DenseWeightReport,
  type PruneReport,
  type PrunedWeightReport,
  type WeightReport,
} from '../prune-report.ts';
import { replaceWeights, type Replacement } from '../replace-weights.ts';
import { weightName, weightUses, type WeightUse } from '../selection/weight-use.ts';
import { assignmentFor, checkAllPatterns, type Assignment } from './assignment.ts';
import type { MagnitudePruneOptions } from './magnitude-prune-options.ts';
import { refuseAs } from './refuse-as.ts';

/** A pruned graph and what was done to it. */
export interface PrunedGraph {
  readonly graph: Graph;
  readonly report: PruneReport;
}

/** A pruned weight: its new values, and its part of the report. */
interface PrunedWeight {
  readonly replacement: Replacement;
  readonly report: PrunedWeightReport;
}

/**
 * Prunes the weights of a graph once, by the magnitude of what each block holds (see `projectMagnitude` in `@grim/bcr`).
 *
 * Nothing is retrained, so outputs change; measure the accuracy before using the result. A weight stays dense, with
 * the reason in the report, when its operator rules pruning out, when the options leave it out, and when BCRC would
 * not be smaller than dense storage. The graph that was given stays as it is. Constants that layers share stay shared where
 * they are pruned alike, and get copies where they are not.
 *
 * @param graph - The network.
 * @param options - Rates, blocks and layers.
 * @returns The pruned graph, its `weights` saying how each layer was pruned, and the report.
 * @throws `GrimError` naming the layer when a rate is below 1, not finite or beyond what its blocks allow, when blocks
 * would span two gates, or when a weight is not finite; naming the pattern when one matches no layer.
 */
export function pruneByMagnitude(graph: Graph, options: MagnitudePruneOptions): PrunedGraph {
  const uses = weightUses(graph);
  checkAllPatterns(options, uses);

  const results = new Map<string, PrunedWeight | string>();
  const replacements: Replacement[] = [];
  const outcomes = uses.map((use): PrunedWeightReport | DenseWeightReport => {
    const assignment = assignmentFor(use, options);
    if (typeof assignment === 'string') return denseReport(use, assignment);
    // Layers that share a constant and prune it alike share the result as well.
    const key = JSON.stringify([use.value, use.rows, use.columns, assignment]);
    const pruned = results.get(key) ?? pruneWeight(graph, use, assignment);
    results.set(key, pruned);
    if (typeof pruned === 'string') return denseReport(use, pruned);
    replacements.push({ ...pruned.replacement, layer: use.layer, input: use.input });
    return { ...pruned.report, layer: use.layer, operand: use.operand };
  });
  const replaced = replaceWeights(graph, replacements);
  let next = 0;
  const weights = outcomes.map((outcome): WeightReport => {
    if (outcome.outcome === 'dense') return outcome;
    return { ...outcome, value: replaced.values[next++] ?? outcome.value };
  });
  return { graph: replaced.graph, report: reportOf(weights) };
}

/** The pruned weight, or why it is better left dense. */
function pruneWeight(graph: Graph, use: WeightUse, assignment: Assignment): PrunedWeight | string {
  const layer = weightName(use);
  const tensor = graph.constants.get(use.value);
  if (!tensor) throw new GrimError(`its weights ${use.value} are no constant`, { layer });
  const { grid, projection, requestedBlock } = assignment;
  const matrix: Matrix = { rows: use.rows, columns: use.columns, values: tensor.data };
  const mask = refuseAs(layer, () => projectMagnitude(matrix, grid, projection));
  const pruned = applyMask(matrix, mask);
  const bytes = accountBytes(pruned, grid);
  if (bytes.bcrc.total >= bytes.dense) {
    return `BCRC would take ${bytes.bcrc.total} bytes, dense weights ${bytes.dense}`;
  }
  const block = { rows: grid.blockRows, columns: grid.blockColumns };
  const clipped = block.rows < requestedBlock.rows || block.columns < requestedBlock.columns;
  return {
    replacement: {
      layer: use.layer,
      input: use.input,
      value: use.value,
      tensor: { shape: tensor.shape, data: pruned.values },
      bcr: { ...grid, rate: projection.rate },
    },
    report: {
      outcome: 'pruned',
      ...identity(use),
      zeros: pruned.values.length - countNonZeros(pruned.values),
      requestedRate: projection.rate,
      achievedRate: pruned.values.length / keptCells(mask),
      block,
      ...(clipped && { clippedFrom: { rows: requestedBlock.rows, columns: requestedBlock.columns } }),
      keptEnergy: keptEnergy(matrix, mask),
      bcrcBytes: bytes.bcrc.total,
      csrBytes: bytes.csr.total,
      form: bytes.bcrc.form,
    },
  };
}

function denseReport(use: WeightUse, reason: string): DenseWeightReport {
  return { outcome: 'dense', ...identity(use), zeros: use.zeros, reason };
}

function identity(use: WeightUse): Omit<DenseWeightReport, 'outcome' | 'zeros' | 'reason'> {
  const { layer, operand, value, shape, rows, columns } = use;
  return { layer, operand, value, shape, rows, columns, denseBytes: rows * columns * 4 };
}
