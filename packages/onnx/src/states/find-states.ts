import { GrimError, inferShapes, sameShape, type Graph, type Node, type State } from '@grim/ir';
import type { StatePair } from '../import-options.ts';

/** Operators that only move elements: what goes in as state comes out as state. */
const moving = new Set(['concat', 'reshape', 'slice', 'transpose']);

/** Operands of recurrent layers that are initial states, and the results that are the final ones, by position. */
const stateOperands: Partial<
  Record<Node['op']['kind'], readonly (readonly [operand: number, result: number])[]>
> = {
  lstm: [
    [4, 1],
    [5, 2],
  ],
  gru: [[5, 1]],
};

/** A state of one recurrent layer: node name and result position. */
type Slot = string;

/** The states of recurrent layers that each value reaches by moving elements only, forwards. */
function slotsReached(graph: Graph): Map<string, Set<Slot>> {
  const reached = new Map<string, Set<Slot>>();
  const add = (value: string | null | undefined, slots: Iterable<Slot>): void => {
    if (typeof value !== 'string') return;
    const known = reached.get(value) ?? new Set<Slot>();
    for (const slot of slots) known.add(slot);
    reached.set(value, known);
  };
  for (const node of [...graph.nodes].reverse()) {
    for (const [operand, result] of stateOperands[node.op.kind] ?? []) {
      add(node.inputs[operand], [`${result} ${node.name}`]);
    }
    if (moving.has(node.op.kind)) {
      const behind = node.outputs.flatMap((value) => [...(reached.get(value) ?? [])]);
      if (behind.length > 0) for (const value of node.inputs) add(value, behind);
    }
  }
  return reached;
}

/** The states of recurrent layers that each value is made of by moving elements only. */
function slotsHeld(graph: Graph): Map<string, ReadonlySet<Slot>> {
  const held = new Map<string, ReadonlySet<Slot>>();
  for (const node of graph.nodes) {
    for (const [, result] of stateOperands[node.op.kind] ?? []) {
      const value = node.outputs[result];
      if (value !== undefined) held.set(value, new Set([`${result} ${node.name}`]));
    }
    if (moving.has(node.op.kind)) {
      const parts = node.inputs.flatMap((value) => [...(held.get(value ?? '') ?? [])]);
      if (parts.length > 0) for (const value of node.outputs) held.set(value, new Set(parts));
    }
  }
  return held;
}

/** Inputs that become initial states of recurrent layers, each with the output that shows the same final states. */
function detectPairs(graph: Graph): StatePair[] {
  const shapes = inferShapes(graph);
  const reached = slotsReached(graph);
  const held = slotsHeld(graph);
  const free = new Set(graph.outputs);
  return graph.inputs.flatMap(({ name, shape }) => {
    const starts = reached.get(name);
    if (!starts) return [];
    const matches = [...free].filter(({ value }) => {
      const ends = held.get(value);
      return (
        ends?.size === starts.size &&
        [...ends].every((slot) => starts.has(slot)) &&
        sameShape(shapes.get(value) ?? [], shape)
      );
    });
    // Models may show a final state twice; the one named after the input is meant for it.
    const match = matches.find((output) => output.name.startsWith(name)) ?? matches[0];
    if (!match) return [];
    free.delete(match);
    return [{ input: name, output: match.name }];
  });
}

/**
 * Turns inputs that carry recurrent state, and the outputs that replace them, into states of the graph.
 *
 * @param pairs - which ones; found when absent
 */
export function findStates(graph: Graph, pairs: readonly StatePair[] = detectPairs(graph)): Graph {
  const shapes = inferShapes(graph);
  const states = pairs.map(({ input, output }): State => {
    const from = graph.inputs.find(({ name }) => name === input);
    const to = graph.outputs.find(({ name }) => name === output);
    if (!from || !to) {
      const [what, name, known] = from ? ['output', output, graph.outputs] : ['input', input, graph.inputs];
      throw new GrimError(
        `option states names ${what} ${name}, which the model does not have or does not use; it has ${known.map((port) => port.name).join(', ')}`,
      );
    }
    const shape = shapes.get(to.value) ?? [];
    if (!sameShape(shape, from.shape)) {
      throw new GrimError(
        `state input ${input} of shape [${from.shape.join(',')}] cannot be replaced by output ${output} of shape [${shape.join(',')}]`,
      );
    }
    return { name: input, shape, input: from.name, output: to.value };
  });
  for (const key of ['input', 'output'] as const) {
    if (new Set(pairs.map((pair) => pair[key])).size !== pairs.length) {
      throw new GrimError(`option states names one ${key} twice`);
    }
  }
  const inputs = graph.inputs.filter(({ name }) => !pairs.some((pair) => pair.input === name));
  const outputs = graph.outputs.filter(({ name }) => !pairs.some((pair) => pair.output === name));
  // A graph has to show something: a model of nothing but state keeps it as its output too.
  return { ...graph, inputs, outputs: outputs.length > 0 ? outputs : graph.outputs, states };
}
