import type { Graph, GraphInput, Node, State } from '@grim/ir';

/** A recurrent network over a sequence `[T,1,F]` as one that takes a step at a time and remembers what it needs: how it is used live. */
export function asStreaming(graph: Graph): Graph {
  const states: State[] = [];
  const nodes = graph.nodes.map((node): Node => {
    const { op } = node;
    if (op.kind !== 'gru') return node;
    const state: State = {
      name: node.name,
      shape: [1, op.hidden],
      input: `${node.name}.before`,
      output: node.outputs[1] ?? '',
    };
    states.push(state);
    return { ...node, inputs: [...node.inputs.slice(0, 5), state.input] };
  });
  return { ...graph, inputs: withSteps(graph, 1), nodes, states };
}

/** The same weights over a sequence again, as training needs it. */
export function overSteps(graph: Graph, steps: number): Graph {
  const nodes = graph.nodes.map((node): Node =>
    node.op.kind === 'gru' ? { ...node, inputs: node.inputs.slice(0, 5) } : node,
  );
  return { ...graph, inputs: withSteps(graph, steps), nodes, states: [] };
}

function withSteps({ inputs }: Graph, steps: number): GraphInput[] {
  return inputs.map(({ name, shape }) => ({ name, shape: [steps, ...shape.slice(1)] }));
}
