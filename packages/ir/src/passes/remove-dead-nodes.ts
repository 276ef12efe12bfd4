import type { Graph, Node } from '../graph.ts';

/**
 * Removes nodes whose results nothing reads, and constants that are then unused. Inputs and states stay: they are
 * the model's interface.
 */
export function removeDeadNodes(graph: Graph): Graph {
  const live = new Set<string>();
  for (const output of graph.outputs) live.add(output.value);
  for (const state of graph.states) live.add(state.output);
  const nodes: Node[] = [];
  for (const node of graph.nodes.toReversed()) {
    if (!node.outputs.some((value) => live.has(value))) continue;
    nodes.push(node);
    for (const value of node.inputs) if (value !== null) live.add(value);
  }
  const constants = new Map([...graph.constants].filter(([name]) => live.has(name)));
  return { ...graph, nodes: nodes.reverse(), constants };
}
