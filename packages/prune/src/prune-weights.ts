import {
  accountBytes,
  countNonZeros,
  keptCells,
  keptEnergy,
  type BcrMask,
  type ByteAccount,
  type Matrix,
} from '@grim/bcr';
import { GrimError, type Graph } from '@grim/ir';
import {
  reportOf,
  type DenseWeightReport,
  type PruneReport,
  type PrunedWeightReport,
  type ReconstructionReport,
  type WeightReport,
} from './prune-report.ts';
import { replaceWeights, type Replacement } from './replace-weights.ts';
import { assignmentFor, checkSelection, type Assignment } from './selection/assignment.ts';
import type { PruneOptions } from './selection/prune-options.ts';
import { weightName, weightUses, type WeightUse } from './selection/weight-use.ts';

/** A pruned graph and what was done to it. */
export interface PrunedGraph {
  readonly graph: Graph;
  readonly report: PruneReport;
}

/** Uses of one constant that are pruned alike, so that they share the result. */
export interface AssignedWeight {
  readonly uses: readonly [WeightUse, ...WeightUse[]];
  readonly assignment: Assignment;
  readonly matrix: Matrix;
}

/** What a method makes of a weight: what it keeps, and the values of all cells afterwards. */
export interface ChosenWeights {
  readonly values: Float32Array;
  /** Cells that are kept, zeros among them. */
  readonly keptCells: number;
  /** Share of the energy of the dense weights that is kept. */
  readonly keptEnergy: number;
  readonly reconstruction?: ReconstructionReport;
}

/** Which weights are pruned and how, and why the others are not. */
export interface Selection {
  readonly uses: readonly WeightUse[];
  readonly assigned: readonly AssignedWeight[];
  /** Why uses stay dense. */
  readonly reasons: ReadonlyMap<WeightUse, string>;
}

/** Finds out which weights of a graph options mean. */
export function selectWeights(graph: Graph, options: PruneOptions): Selection {
  const uses = weightUses(graph);
  checkSelection(options, uses);
  const reasons = new Map<WeightUse, string>();
  const assigned = new Map<string, AssignedWeight>();
  for (const use of uses) {
    const assignment = assignmentFor(use, options);
    if (typeof assignment === 'string') {
      reasons.set(use, assignment);
      continue;
    }
    const tensor = graph.constants.get(use.value);
    if (!tensor) throw new GrimError(`its weights ${use.value} are no constant`, { layer: weightName(use) });
    const key = JSON.stringify([use.value, use.rows, use.columns, assignment]);
    const before = assigned.get(key);
    assigned.set(key, {
      uses: before ? [...before.uses, use] : [use],
      assignment,
      matrix: { rows: use.rows, columns: use.columns, values: tensor.data },
    });
  }
  return { uses, assigned: [...assigned.values()], reasons };
}

/** What is chosen when `mask` keeps a part of `matrix` and the cells have other values afterwards. */
export function chooseByMask(matrix: Matrix, mask: BcrMask, values: Float32Array): ChosenWeights {
  return { values, keptCells: keptCells(mask), keptEnergy: keptEnergy(matrix, mask) };
}

/** Puts what a method chose into a graph; what BCRC would not make smaller stays dense. */
export function pruneWeights(
  graph: Graph,
  selection: Selection,
  choose: (weight: AssignedWeight) => ChosenWeights,
): PrunedGraph {
  const outcomes = new Map(
    selection.assigned.map((weight) => [weight, pruneWeight(graph, weight, choose(weight))]),
  );
  return graphWith(graph, selection, outcomes);
}

/** A graph with the weights that are pruned so far. */
export function graphWith(
  graph: Graph,
  { uses, reasons }: Selection,
  pruned: ReadonlyMap<AssignedWeight, PrunedWeight | string>,
): PrunedGraph {
  const outcomes = new Map<WeightUse, PrunedWeight | string>(reasons);
  for (const [weight, outcome] of pruned) for (const use of weight.uses) outcomes.set(use, outcome);
  const replacements: Replacement[] = [];
  const reports = uses.map((use): WeightReport => {
    const outcome = outcomes.get(use) ?? 'not selected';
    if (typeof outcome === 'string')
      return { outcome: 'dense', ...identity(use), zeros: use.zeros, reason: outcome };
    replacements.push({ ...outcome.replacement, layer: use.layer, input: use.input });
    return { ...outcome.report, layer: use.layer, operand: use.operand };
  });
  const replaced = replaceWeights(graph, replacements);
  let next = 0;
  const weights = reports.map((report): WeightReport => {
    if (report.outcome === 'dense') return report;
    return { ...report, value: replaced.values[next++] ?? report.value };
  });
  return { graph: replaced.graph, report: reportOf(weights) };
}

/** A pruned weight: its new values, and its part of the report. */
export interface PrunedWeight {
  readonly replacement: Replacement;
  readonly report: PrunedWeightReport;
}

/** The pruned weight, or why it is better left dense. */
export function pruneWeight(
  graph: Graph,
  { uses: [use], assignment, matrix }: AssignedWeight,
  { values, reconstruction, ...kept }: ChosenWeights,
): PrunedWeight | string {
  const { grid, projection, requestedBlock } = assignment;
  const bytes = accountBytes({ ...matrix, values }, grid);
  const reason = reasonForDense(bytes);
  if (reason !== undefined) return reason;
  const block = { rows: grid.blockRows, columns: grid.blockColumns };
  const clipped = block.rows < requestedBlock.rows || block.columns < requestedBlock.columns;
  return {
    replacement: {
      layer: use.layer,
      input: use.input,
      value: use.value,
      tensor: { shape: graph.constants.get(use.value)?.shape ?? use.shape, data: values },
      bcr: { ...grid, rate: projection.rate },
    },
    report: {
      outcome: 'pruned',
      ...identity(use),
      zeros: values.length - countNonZeros(values),
      requestedRate: projection.rate,
      achievedRate: values.length / kept.keptCells,
      block,
      ...(clipped && { clippedFrom: { rows: requestedBlock.rows, columns: requestedBlock.columns } }),
      inputsCutOff: countEmptyColumns({ ...matrix, values }),
      keptEnergy: kept.keptEnergy,
      bcrcBytes: bytes.bcrc.total,
      csrBytes: bytes.csr.total,
      form: bytes.bcrc.form,
      ...(reconstruction && { reconstruction }),
    },
  };
}

function countEmptyColumns({ columns, values }: Matrix): number {
  const used = new Uint8Array(columns);
  for (const [index, value] of values.entries()) if (value !== 0) used[index % columns] = 1;
  return used.reduce((empty, flag) => empty + 1 - flag, 0);
}

/** Why a weight is better left dense; `undefined` when BCRC is smaller. */
export function reasonForDense({ bcrc, dense }: ByteAccount): string | undefined {
  return bcrc.total < dense ? undefined : `BCRC would take ${bcrc.total} bytes, dense weights ${dense}`;
}

/** What every report says of a use. */
export function identity(use: WeightUse): Omit<DenseWeightReport, 'outcome' | 'zeros' | 'reason'> {
  const { layer, operand, value, shape, rows, columns } = use;
  return { layer, operand, value, shape, rows, columns, denseBytes: rows * columns * 4 };
}
