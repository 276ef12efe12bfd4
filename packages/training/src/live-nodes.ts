import type { Graph, Node } from '@grim/ir';

/** Nodes that the outputs of a graph depend on, in their order. */
export function liveNodes(graph: Graph): Node[] {
  const needed = new Set(graph.outputs.map(({ value }) => value));
  return graph.nodes
    .toReversed()
    .filter(({ inputs, outputs }) => {
      if (!outputs.some((value) => needed.has(value))) return false;
      for (const value of inputs) if (value !== null) needed.add(value);
      return true;
    })
    .toReversed();
}
