import { describeLayers, type Graph } from '@grim/ir';
import type { LayerShape } from './layer-sample.ts';

/** The shape of every layer of a graph, by name. */
export function layerShapes(graph: Graph): Map<string, LayerShape> {
  const layers = describeLayers(graph);
  return new Map(
    graph.nodes.flatMap((node, index) => {
      const layer = layers[index];
      if (!layer) return [];
      const constants = node.inputs.flatMap((value, position) =>
        value !== null && graph.constants.has(value) ? [position] : [],
      );
      const { inputShapes, outputShapes } = layer;
      return [[node.name, { op: node.op, inputShapes, constants, outputs: outputShapes.length }] as const];
    }),
  );
}
