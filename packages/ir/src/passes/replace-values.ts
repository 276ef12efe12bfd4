import type { Graph, Node } from '../graph.ts';

/** The node with every input that `replacements` names read from the value it gives instead. */
export function replaceInputs(node: Node, replacements: ReadonlyMap<string, string>): Node {
  const changes = node.inputs.some((value) => value !== null && replacements.has(value));
  if (!changes) return node;
  return {
    ...node,
    inputs: node.inputs.map((value) => (value === null ? null : (replacements.get(value) ?? value))),
  };
}

/** The graph with nodes, outputs and states reading `replacements.get(value)` wherever they read `value`. */
export function replaceValues(graph: Graph, replacements: ReadonlyMap<string, string>): Graph {
  if (replacements.size === 0) return graph;
  const follow = (value: string): string => replacements.get(value) ?? value;
  return {
    ...graph,
    nodes: graph.nodes.map((node) => replaceInputs(node, replacements)),
    outputs: graph.outputs.map((output) => ({ ...output, value: follow(output.value) })),
    states: graph.states.map((state) => ({ ...state, output: follow(state.output) })),
  };
}
