import type { Graph, Node, Tensor } from '@grim/ir';
import type { WeightUse } from '../selection/weight-use.ts';

/** What is added to a bias. */
export interface BiasShift {
  /** Name of the node. */
  readonly layer: string;
  /** Position of the bias among its inputs. */
  readonly input: number;
  /** Per row of the weight. */
  readonly shift: Float64Array;
}

/** The position of the bias that is added to the products of a weight; `undefined` when they have none that could be a constant. */
export function biasInput(graph: Graph, use: WeightUse): number | undefined {
  const node = graph.nodes.find(({ name }) => name === use.layer);
  const input = node && positionOf(node, use);
  if (input === undefined) return undefined;
  const value = node?.inputs[input] ?? null;
  return value === null || graph.constants.has(value) ? input : undefined;
}

function positionOf({ op }: Node, use: WeightUse): number | undefined {
  if (op.kind === 'conv' || op.kind === 'linear') return 2;
  if (op.kind === 'lstm') return 3;
  if (op.kind === 'gru') return use.recurrent ? 4 : 3;
  return undefined;
}

/** A graph with other biases; layers without get one. A bias that other places use too stays as it is there. */
export function shiftBiases(graph: Graph, shifts: readonly BiasShift[]): Graph {
  return shifts.reduce(shiftBias, graph);
}

function shiftBias(graph: Graph, { layer, input, shift }: BiasShift): Graph {
  const constants = new Map(graph.constants);
  const nodes = graph.nodes.map((node) => {
    if (node.name !== layer) return node;
    const before = node.inputs[input] ?? null;
    const old = before === null ? undefined : graph.constants.get(before);
    const name = before !== null && usesOf(graph, before) === 1 ? before : freshName(graph, `${layer}.bias`);
    constants.set(name, shifted(old, shift));
    const inputs = Array.from({ length: Math.max(node.inputs.length, input + 1) }, (_, position) =>
      position === input ? name : (node.inputs[position] ?? null),
    );
    return { ...node, inputs };
  });
  return { ...graph, nodes, constants };
}

function shifted(old: Tensor | undefined, shift: Float64Array): Tensor {
  const data = Float32Array.from(shift, (value, row) => value + (old?.data[row] ?? 0));
  return { shape: old?.shape ?? [shift.length], data };
}

function usesOf(graph: Graph, value: string): number {
  const read = [
    ...graph.nodes.flatMap(({ inputs }) => inputs),
    ...graph.outputs.map((output) => output.value),
    ...graph.states.map(({ output }) => output),
  ];
  return read.filter((each) => each === value).length;
}

function freshName(graph: Graph, wish: string): string {
  const taken = new Set([
    ...graph.constants.keys(),
    ...graph.inputs.map(({ name }) => name),
    ...graph.states.map(({ input }) => input),
    ...graph.nodes.flatMap(({ outputs }) => outputs),
  ]);
  let name = wish;
  for (let count = 2; taken.has(name); count++) name = `${wish}${count}`;
  return name;
}
