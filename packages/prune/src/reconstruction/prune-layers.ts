import type { Graph } from '@grim/ir';
import {
  graphWith,
  pruneWeight,
  type AssignedWeight,
  type PrunedGraph,
  type PrunedWeight,
  type Selection,
} from '../prune-weights.ts';
import { refuseAs } from '../selection/refuse-as.ts';
import { weightName, type WeightUse } from '../selection/weight-use.ts';
import type { Moments } from './moments.ts';
import { reconstructor, shiftOfMeans, type Reconstructor } from './reconstructor.ts';
import { biasInput, shiftBiases, type BiasShift } from './shift-biases.ts';

/** How layers are reconstructed. */
export interface LayerSettings {
  readonly correctBias: boolean;
  readonly damping?: number;
}

/** What weights multiply, by use and band. */
export type UseMoments = ReadonlyMap<WeightUse, readonly Moments[]>;

/** What {@link pruneLayers} asks for and tells. */
interface LayerSources {
  /** What weights multiply in a network whose layers before them are pruned; `undefined` for the network as it was. */
  readonly momentsOf: (
    uses: readonly WeightUse[],
    pruned: Graph | undefined,
  ) => UseMoments | Promise<UseMoments>;
  readonly onWeight: () => void;
}

/** Weights that are pruned, layer by layer; those that layers share with the first of these. */
export function byLayer(assigned: readonly AssignedWeight[]): AssignedWeight[][] {
  const layers = new Map<string, AssignedWeight[]>();
  for (const weight of assigned) {
    const { layer } = weight.uses[0];
    layers.set(layer, [...(layers.get(layer) ?? []), weight]);
  }
  return [...layers.values()];
}

/** Every use of some weights. */
export function usesOf(weights: readonly AssignedWeight[]): WeightUse[] {
  return weights.flatMap(({ uses }) => uses);
}

/** What reconstructs a weight. */
export function reconstructorOf(
  graph: Graph,
  { uses, matrix }: AssignedWeight,
  moments: UseMoments,
  { correctBias, damping }: LayerSettings,
): Reconstructor {
  return reconstructor({
    matrix,
    moments: uses.map((use) => moments.get(use) ?? []),
    correctBias: correctBias && uses.every((use) => biasInput(graph, use) !== undefined),
    ...(damping !== undefined && { damping }),
  });
}

/** Prunes layer by layer, in the order of the nodes. */
export async function pruneLayers(
  graph: Graph,
  selection: Selection,
  settings: LayerSettings,
  { momentsOf, onWeight }: LayerSources,
): Promise<PrunedGraph> {
  const outcomes = new Map<AssignedWeight, PrunedWeight | string>();
  let withBiases = graph;
  let changed = false;
  for (const weights of byLayer(selection.assigned)) {
    const pruned = changed ? graphWith(withBiases, selection, outcomes).graph : undefined;
    const moments = await momentsOf(usesOf(weights), pruned);
    for (const weight of weights) {
      const [use] = weight.uses;
      const chosen = refuseAs(weightName(use), () =>
        reconstructorOf(graph, weight, moments, settings)(weight.assignment),
      );
      const outcome = pruneWeight(graph, weight, chosen);
      outcomes.set(weight, outcome);
      onWeight();
      if (typeof outcome === 'string') continue;
      changed = true;
      if (settings.correctBias) {
        withBiases = shiftBiases(withBiases, shiftsOf(graph, weight, moments, chosen.values));
      }
    }
  }
  return graphWith(withBiases, selection, outcomes);
}

/** What the layers of a weight are to add to their biases; nothing when one of them cannot. */
function shiftsOf(
  graph: Graph,
  { uses, matrix }: AssignedWeight,
  moments: UseMoments,
  values: Float32Array,
): BiasShift[] {
  const shifts = uses.flatMap((use): BiasShift[] => {
    const input = biasInput(graph, use);
    if (input === undefined) return [];
    const shift = shiftOfMeans({ matrix, bands: moments.get(use) ?? [] }, values);
    return [{ layer: use.layer, input, shift }];
  });
  return shifts.length === uses.length ? shifts : [];
}
