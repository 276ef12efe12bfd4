import type { Graph } from '@grim/ir';

/** Whether any weight of the graph was pruned. */
export function isPruned(graph: Graph): boolean {
  return graph.nodes.some(({ weights }) => weights?.some(({ bcr }) => bcr !== undefined));
}

/** The same graph without its BCR specifications and schedules, so that every layer is compiled dense. */
export function denseGraph(graph: Graph): Graph {
  return {
    ...graph,
    nodes: graph.nodes.map(({ name, op, inputs, outputs }) => ({ name, op, inputs, outputs })),
  };
}
