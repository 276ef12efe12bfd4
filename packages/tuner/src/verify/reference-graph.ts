import { GrimError, type Graph, type Node, type Tensor } from '@grim/ir';
import { pruneByMagnitude } from '@grim/prune';
import { isPruned } from '../model/dense-graph.ts';
import type { ModelFile } from '../model/model-file.ts';
import { prunerOptions } from '../prune/prune-settings.ts';
import { recordedPruning } from '../prune/recorded-pruning.ts';

/**
 * The graph that a model should compute, made from the ONNX file and not from what the model stores: its weights are those
 * of the ONNX file, with zeros where the model was pruned. Where the model has a graph, its zeros say where; a
 * model that is only compiled is pruned again as its provenance records. The ONNX graph itself comes back where nothing
 * was pruned.
 *
 * @throws GrimError when a pruned layer is not in the ONNX file.
 */
export function referenceGraph(onnx: Graph, model: ModelFile): Graph {
  if (model.graph) return withZerosOf(onnx, model.graph);
  return recordedPruning(model.provenance).reduce(
    (graph, settings) => pruneByMagnitude(graph, prunerOptions(settings)).graph,
    onnx,
  );
}

function withZerosOf(onnx: Graph, pruned: Graph): Graph {
  if (!isPruned(pruned)) return onnx;
  const constants = new Map(onnx.constants);
  const layers = new Map(pruned.nodes.map((node) => [node.name, node]));
  const nodes = onnx.nodes.map((node): Node => {
    const specs = layers.get(node.name)?.weights?.filter(({ bcr }) => bcr !== undefined) ?? [];
    const inputs = [...node.inputs];
    for (const { input } of specs) {
      const mask = pruned.constants.get(layers.get(node.name)?.inputs[input] ?? '');
      const weights = onnx.constants.get(node.inputs[input] ?? '');
      if (!mask || !weights || mask.data.length !== weights.data.length) {
        throw new GrimError('is pruned, but the ONNX file has no such weights', { layer: node.name });
      }
      // A name of its own: a constant may be shared by layers that are pruned differently.
      const name = `${node.name} input ${input} pruned`;
      constants.set(name, masked(weights, mask));
      inputs[input] = name;
    }
    return specs.length > 0 ? { ...node, inputs } : node;
  });
  return { ...onnx, constants, nodes };
}

function masked(weights: Tensor, mask: Tensor): Tensor {
  return { ...weights, data: weights.data.map((weight, index) => (mask.data[index] === 0 ? 0 : weight)) };
}
