import type { Graph } from '../graph.ts';

/**
 * A function that turns a wished-for name into one that no value, node or state of the graph has, and that it has
 * not given before.
 */
export function freshNames(graph: Graph): (wish: string) => string {
  const taken = new Set<string>(graph.constants.keys());
  for (const input of graph.inputs) taken.add(input.name);
  for (const state of graph.states) taken.add(state.name).add(state.input);
  for (const node of graph.nodes) {
    taken.add(node.name);
    for (const value of node.outputs) taken.add(value);
  }
  return (wish) => {
    let name = wish;
    for (let suffix = 2; taken.has(name); suffix++) name = `${wish}_${suffix}`;
    taken.add(name);
    return name;
  };
}
