import type { Graph, Node, State } from '../graph.ts';
import { inferShapes } from '../infer-shapes.ts';
import { valueAt } from '../operators/elements.ts';
import { slice, type SliceOperator } from '../operators/slice.ts';
import type { Shape } from '../tensor.ts';
import { freshNames } from './fresh-names.ts';
import { indexGraph, type GraphIndex } from './graph-index.ts';

/** One operand of the concatenation that makes the new state. */
interface Part {
  /** First index along the axis of concatenation. */
  readonly start: number;
  readonly shape: Shape;
  /** Value that becomes this part of the state. */
  readonly output: string;
}

interface Partition {
  readonly axis: number;
  readonly parts: readonly Part[];
}

/** How the value that replaces the state is put together, when it is a concatenation. */
function partitionOf(
  state: State,
  index: GraphIndex,
  shapes: ReadonlyMap<string, Shape>,
): Partition | undefined {
  const producer = index.producers.get(state.output);
  if (producer?.op.kind !== 'concat' || producer.inputs.length < 2) return undefined;
  const { axis } = producer.op;
  const parts: Part[] = [];
  let start = 0;
  for (const output of producer.inputs) {
    if (output === null) return undefined;
    const shape = shapes.get(output) ?? [];
    parts.push({ start, shape, output });
    start += valueAt(shape, axis);
  }
  return { axis, parts };
}

/** The part that a slice of the state lies in, or -1 when it lies in several. */
function partOf(op: SliceOperator, { axis, parts }: Partition): number {
  const first = valueAt(op.starts, axis);
  const last = first + (valueAt(op.sizes, axis) - 1) * valueAt(op.steps, axis);
  return parts.findIndex(
    ({ start, shape }) =>
      Math.min(first, last) >= start && Math.max(first, last) < start + valueAt(shape, axis),
  );
}

function partOperator(state: State, { axis }: Partition, part: Part): SliceOperator {
  return {
    kind: 'slice',
    starts: state.shape.map((_, position) => (position === axis ? part.start : 0)),
    sizes: part.shape,
    steps: state.shape.map(() => 1),
  };
}

function splitState(graph: Graph, state: State, shapes: ReadonlyMap<string, Shape>): Graph {
  const index = indexGraph(graph);
  const partition = partitionOf(state, index, shapes);
  if (!partition || index.shown.has(state.input)) return graph;
  const replacements = new Map<Node, Node>();
  const name = freshNames(graph);
  const states = partition.parts.map((part, position): State => {
    const initial = state.initial && { shape: state.shape, data: state.initial };
    const [values] = initial ? slice.reference(partOperator(state, partition, part), [initial]) : [];
    return {
      name: name(`${state.name}.${position}`),
      shape: part.shape,
      input: name(`${state.input}.${position}`),
      output: part.output,
      ...(values && { initial: values.data }),
    };
  });
  for (const node of index.consumers.get(state.input) ?? []) {
    if (node.op.kind !== 'slice') return graph;
    const position = partOf(node.op, partition);
    const part = partition.parts[position];
    const input = states[position]?.input;
    if (!part || input === undefined) return graph;
    const starts = node.op.starts.map((start, axis) =>
      axis === partition.axis ? start - part.start : start,
    );
    replacements.set(node, { ...node, op: { ...node.op, starts }, inputs: [input] });
  }
  return {
    ...graph,
    states: graph.states.flatMap((other) => (other === state ? states : [other])),
    nodes: graph.nodes.map((node) => replacements.get(node) ?? node),
  };
}

/**
 * Cuts states that are only ever used in parts into one state per part: when the new state is a concatenation and
 * every reader takes a slice of one of its operands, as with the hidden and cell state of an LSTM that a model keeps
 * in one tensor. Parts are named `state.0`, `state.1`, … and keep their share of the initial values.
 *
 * The slices and the concatenation are left for `simplifyReshapes` and `removeDeadNodes`.
 *
 * @throws `GrimError` when the shapes of the graph do not fit.
 */
export function splitStates(graph: Graph): Graph {
  const shapes = inferShapes(graph);
  return graph.states.reduce((result, state) => splitState(result, state, shapes), graph);
}
