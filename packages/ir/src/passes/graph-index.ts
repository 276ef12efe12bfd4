import type { Graph, Node } from '../graph.ts';

/** Who makes and who reads each value of a graph. */
export interface GraphIndex {
  /** The node that makes a value; absent for inputs, states and constants. */
  readonly producers: ReadonlyMap<string, Node>;
  /** Nodes that read a value, once per operand that names it. */
  readonly consumers: ReadonlyMap<string, readonly Node[]>;
  /** Values that graph outputs and states show, which therefore must keep existing. */
  readonly shown: ReadonlySet<string>;
}

/** Indexes a graph by value. */
export function indexGraph(graph: Graph): GraphIndex {
  const producers = new Map<string, Node>();
  const consumers = new Map<string, Node[]>();
  for (const node of graph.nodes) {
    for (const value of node.outputs) producers.set(value, node);
    for (const value of node.inputs) {
      if (value === null) continue;
      const readers = consumers.get(value);
      if (readers) readers.push(node);
      else consumers.set(value, [node]);
    }
  }
  const shown = [
    ...graph.outputs.map((output) => output.value),
    ...graph.states.map((state) => state.output),
  ];
  return { producers, consumers, shown: new Set(shown) };
}
