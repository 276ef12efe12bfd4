import {
  GrimError,
  inferShapes,
  sameShape,
  type Graph,
  type GraphOutput,
  type Node,
  type State,
} from '@grim/ir';
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

/** The passes that split and shape states look at every node for each of them. */
const maximumWork = 2 ** 23;

/** A state of one recurrent layer: result position and node name. */
type Slot = string;

/** Slots by value, of which there may be so many in all. */
class SlotSets {
  readonly #slots = new Map<string, Set<Slot>>();
  #left = 2 ** 20;

  add(value: string | null | undefined, slots: Iterable<Slot>): void {
    if (typeof value !== 'string') return;
    const known = this.#slots.get(value) ?? new Set<Slot>();
    this.#slots.set(value, known);
    for (const slot of slots) {
      known.add(slot);
      this.#left--;
      // Files can be made whose values each hold all of many states.
      if (this.#left < 0) throw new GrimError('recurrent state takes too long to find; give option states');
    }
  }

  of(value: string | null | undefined): ReadonlySet<Slot> {
    return this.#slots.get(value ?? '') ?? new Set();
  }

  /** The same text for values with the same slots; empty for one without. */
  keyOf(value: string): string {
    return [...this.of(value)].sort().join('\n');
  }
}

/** The states of recurrent layers that each value reaches when elements are only moved. */
function slotsReached(graph: Graph): SlotSets {
  const reached = new SlotSets();
  for (const node of [...graph.nodes].reverse()) {
    for (const [operand, result] of stateOperands[node.op.kind] ?? []) {
      reached.add(node.inputs[operand], [`${result} ${node.name}`]);
    }
    if (!moving.has(node.op.kind)) continue;
    for (const output of node.outputs)
      for (const input of node.inputs) reached.add(input, reached.of(output));
  }
  return reached;
}

/** The states of recurrent layers that each value is made of, when elements are only moved. */
function slotsHeld(graph: Graph): SlotSets {
  const held = new SlotSets();
  for (const node of graph.nodes) {
    for (const [, result] of stateOperands[node.op.kind] ?? []) {
      held.add(node.outputs[result], [`${result} ${node.name}`]);
    }
    if (!moving.has(node.op.kind)) continue;
    for (const input of node.inputs) for (const output of node.outputs) held.add(output, held.of(input));
  }
  return held;
}

/** Inputs that become initial states of recurrent layers, each with the output that shows the same final states. */
function detectPairs(graph: Graph): StatePair[] {
  const shapes = inferShapes(graph);
  const reached = slotsReached(graph);
  const held = slotsHeld(graph);
  const showing = new Map<string, GraphOutput[]>();
  for (const output of graph.outputs) {
    const key = held.keyOf(output.value);
    const others = showing.get(key);
    if (others) others.push(output);
    else showing.set(key, [output]);
  }
  return graph.inputs.flatMap(({ name, shape }) => {
    const key = reached.keyOf(name);
    if (key === '') return [];
    const matches = (showing.get(key) ?? []).filter(({ value }) => sameShape(shapes.get(value) ?? [], shape));
    // Models may show a final state twice; the one named after the input is meant for it.
    const match = matches.find((output) => output.name.startsWith(name)) ?? matches[0];
    if (!match) return [];
    showing.delete(key);
    return [{ input: name, output: match.name }];
  });
}

/**
 * Turns inputs that carry recurrent state, and the outputs that replace them, into states of the graph.
 *
 * @param pairs - which ones; found when absent
 * @throws `GrimError` when `pairs` name what is not there, something twice, or shapes that differ.
 */
export function findStates(graph: Graph, pairs: readonly StatePair[] = detectPairs(graph)): Graph {
  if (pairs.length * graph.nodes.length > maximumWork) {
    throw new GrimError(
      `${pairs.length} states among ${graph.nodes.length} nodes are too many; option states: [] leaves them outside`,
    );
  }
  const shapes = inferShapes(graph);
  const inputs = new Map(graph.inputs.map((input) => [input.name, input]));
  const outputs = new Map(graph.outputs.map((output) => [output.name, output]));
  const states = pairs.map((pair): State => {
    const from = take(inputs, pair.input, 'input');
    const to = take(outputs, pair.output, 'output');
    const shape = shapes.get(to.value) ?? [];
    if (!sameShape(shape, from.shape)) {
      throw new GrimError(
        `state input ${pair.input} of shape [${from.shape.join(',')}] cannot be replaced by output ${pair.output} of shape [${shape.join(',')}]`,
      );
    }
    return { name: from.name, shape, input: from.name, output: to.value };
  });
  return {
    ...graph,
    inputs: [...inputs.values()],
    // A graph has to show something: a model of nothing but state keeps it as its output too.
    outputs: outputs.size > 0 ? [...outputs.values()] : graph.outputs,
    states,
  };
}

/** Takes a port out of those that are left. */
function take<Port>(ports: Map<string, Port>, name: string, what: string): Port {
  const port = ports.get(name);
  if (!port) {
    const left = [...ports.keys()].join(', ') || 'nothing';
    throw new GrimError(
      `option states names ${what} ${name}, but the ${what}s left to choose from are ${left}`,
    );
  }
  ports.delete(name);
  return port;
}
