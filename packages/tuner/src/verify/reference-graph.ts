import { isDeepStrictEqual } from 'node:util';
import { GrimError, type Graph, type Node, type Tensor } from '@grim/ir';
import { pruneByMagnitude } from '@grim/prune';
import { isPruned } from '../model/dense-graph.ts';
import type { ModelFile } from '../model/model-file.ts';
import { requireGraph } from '../model/require-graph.ts';
import { prunerOptions } from '../prune/prune-settings.ts';
import { recordedPruning } from '../prune/recorded-pruning.ts';

/**
 * The graph that a model should compute, made from the file that says what is right and not from what the model stores. A pruned graph
 * says all. Of one that is not, the weights get zeros where the model was pruned: where the model has a graph, its zeros say where;
 * a model that is only compiled is pruned again as its provenance records.
 *
 * @param against - The file that says what is right.
 * @throws GrimError when that has no graph, has not the layers that were pruned, or is not pruned and the model is, by a method that
 * changed its weights.
 */
export function referenceGraph(against: ModelFile, model: ModelFile): Graph {
  const right = requireGraph(against);
  const prunings = recordedPruning(model.provenance);
  // A file that was pruned as the model was is right even where nothing came of it.
  const isSource = prunings.length > 0 && isDeepStrictEqual(recordedPruning(against.provenance), prunings);
  if (isPruned(right) || isSource) return right;
  const changing = prunings.find(({ method }) => method !== 'magnitude');
  if (changing) {
    throw new GrimError(
      `was pruned by ${changing.method}, which changes the weights that stay; give as --against the .grim file that grim prune wrote, not ${against.file}`,
    );
  }
  if (model.graph) return withZerosOf(right, model.graph);
  return prunings.reduce((graph, settings) => pruneByMagnitude(graph, prunerOptions(settings)).graph, right);
}

function withZerosOf(right: Graph, pruned: Graph): Graph {
  if (!isPruned(pruned)) return right;
  const constants = new Map(right.constants);
  const layers = new Map(pruned.nodes.map((node) => [node.name, node]));
  const nodes = right.nodes.map((node): Node => {
    const specs = layers.get(node.name)?.weights?.filter(({ bcr }) => bcr !== undefined) ?? [];
    const inputs = [...node.inputs];
    for (const { input } of specs) {
      const mask = pruned.constants.get(layers.get(node.name)?.inputs[input] ?? '');
      const weights = right.constants.get(node.inputs[input] ?? '');
      if (!mask || !weights || mask.data.length !== weights.data.length) {
        throw new GrimError('is pruned, but the file to compare with has no such weights', {
          layer: node.name,
        });
      }
      // A name of its own: a constant may be shared by layers that are pruned differently.
      const name = `${node.name} input ${input} pruned`;
      constants.set(name, masked(weights, mask));
      inputs[input] = name;
    }
    return specs.length > 0 ? { ...node, inputs } : node;
  });
  return { ...right, constants, nodes };
}

function masked(weights: Tensor, mask: Tensor): Tensor {
  return { ...weights, data: weights.data.map((weight, index) => (mask.data[index] === 0 ? 0 : weight)) };
}
