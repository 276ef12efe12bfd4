import {
  evaluateGraph,
  GrimError,
  withContext,
  type EvaluationOptions,
  type Graph,
  type Node,
  type Tensor,
} from '@grim/ir';
import { weightName, type WeightUse } from '../selection/weight-use.ts';
import { inputVectors } from './input-vectors.ts';
import { addVector, createMoments, finishMoments, type Moments } from './moments.ts';

/** Inputs of runs in a row, by input name, row-major. The first starts from the initial states, each later one from those before it. */
export type CalibrationSequence = readonly Readonly<Record<string, Float32Array>>[];

/** Told about calibration run by run. */
export type CalibrationListener = (done: number, total: number) => void;

/** The most columns a matrix may have here: its Gram matrix takes 8 bytes for each pair. */
const maximumColumns = 16_384;

/**
 * Runs a graph on calibration inputs and gathers the second moments of what each weight multiplies.
 *
 * Inputs are those of the dense graph, whatever is pruned before a layer.
 *
 * @returns Per use one entry for every band of rows that multiplies vectors of its own (see {@link inputVectors}).
 * @throws `GrimError` when there are no inputs, when they do not fit the graph, or when a value that a weight multiplies is not
 * finite; naming the layer when it has too many columns.
 */
export function collectMoments(
  graph: Graph,
  uses: readonly WeightUse[],
  sequences: readonly CalibrationSequence[],
  operators: EvaluationOptions['operators'],
  onRun: CalibrationListener,
): Map<WeightUse, Moments[]> {
  for (const use of uses) {
    if (use.columns > maximumColumns) {
      throw new GrimError(`has ${use.columns} columns, at most ${maximumColumns} can be reconstructed`, {
        layer: weightName(use),
      });
    }
  }
  const total = sequences.reduce((sum, sequence) => sum + sequence.length, 0);
  if (total === 0) throw new GrimError('there are no calibration inputs');
  const nodes = new Map(graph.nodes.map((node) => [node.name, node]));
  const collected = new Map<WeightUse, Moments[]>();
  let done = 0;
  for (const sequence of sequences) {
    let states: Readonly<Record<string, Float32Array>> = {};
    for (const inputs of sequence) {
      const run = evaluateGraph(graph, { inputs, states, keep: 'all', ...(operators && { operators }) });
      states = run.states;
      for (const use of uses) {
        const node = nodes.get(use.layer);
        if (node) addRun(node, use, run.values, collected);
      }
      onRun(++done, total);
    }
  }
  for (const bands of collected.values()) for (const band of bands) finishMoments(band);
  return collected;
}

function addRun(
  node: Node,
  use: WeightUse,
  values: ReadonlyMap<string, Tensor>,
  collected: Map<WeightUse, Moments[]>,
): void {
  withContext({ layer: weightName(use) }, () => {
    const bands = inputVectors(node, use, values);
    const moments = collected.get(use) ?? bands.map(({ rows }) => createMoments(rows, use.columns));
    collected.set(use, moments);
    for (const [index, { vectors }] of bands.entries()) {
      const band = moments[index];
      if (!band) continue;
      for (const vector of vectors) {
        const bad = vector.findIndex((value) => !Number.isFinite(value));
        if (bad >= 0) throw new GrimError(`calibration gives it ${vector[bad] ?? NaN} in column ${bad}`);
        addVector(band, vector);
      }
    }
  });
}
