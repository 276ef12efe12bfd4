import {
  formatShape,
  GrimError,
  inferShapes,
  withContext,
  type Graph,
  type Node,
  type Shape,
} from '@grim/ir';
import { missingBatchAxis, requireBatchAxis, requireBatchSize } from './batch-checks.ts';
import type { BatchOptions } from './batch-options.ts';
import { isWhole, onAxis, possiblePositions, samePosition, type BatchPosition } from './batch-position.ts';
import { moveExamples, type BatchedValue } from './move-examples.ts';
import { placeOperands } from './place-operands.ts';
import { rebatchNode } from './rebatch-node.ts';
import { repeatInitial } from './repeat-initial.ts';
import { repeatStates } from './repeat-states.ts';

/** A graph for batches of another size. */
export interface BatchedGraph {
  readonly graph: Graph;
  /** Where the examples are, by name of the value; values that do not depend on them are left out. */
  readonly positions: ReadonlyMap<string, BatchPosition>;
}

function requireAxes(graph: Graph, { size, axes }: BatchOptions): number {
  requireBatchSize(size);
  const ports = [...graph.inputs, ...graph.states];
  for (const name of Object.keys(axes)) {
    if (!ports.some((port) => port.name === name)) {
      const known = ports.map((port) => port.name).join(', ');
      throw new GrimError(`batch axes name ${name}, but the graph has only ${known}`);
    }
  }
  let examples: number | undefined;
  for (const { name, shape } of ports) {
    const axis = axes[name];
    if (axis === undefined) {
      if (graph.inputs.some((input) => input.name === name)) {
        throw missingBatchAxis(name);
      }
      continue;
    }
    const extent = requireBatchAxis(name, shape, axis);
    if (examples !== undefined && extent !== examples) {
      throw new GrimError(
        `batch axes have ${examples} example(s) in one input and ${extent} in ${name} ${formatShape(shape)}`,
      );
    }
    examples = extent;
  }
  return examples ?? 1;
}

/**
 * The same network for batches of another size: shapes of inputs, of reshapes and of slices are changed along the axis that
 * counts examples. The weights are shared with the graph that was given.
 *
 * In a graph with one example, these are along any axis of extent 1. Where an operator needs them along another than they are, they are
 * put there, so that a reshape may also be what became of a transpose.
 *
 * @param graph - The network, as it was exported: with one example, or any number.
 * @param options - Size of a batch, and the axis of each input that counts examples.
 * @throws `GrimError` naming an input that is not there or has no axis, and naming the layer where examples do not stay
 * apart: one that works along their axis, or takes them apart in a reshape.
 */
export function withBatch(graph: Graph, options: BatchOptions): BatchedGraph {
  const sizes = { examples: requireAxes(graph, options), size: options.size };
  const shapes = inferShapes(graph);
  const shapeOf = (value: string): Shape => shapes.get(value) ?? [];
  const positions = new Map<string, BatchPosition>();
  const resized = <Port extends { readonly name: string; readonly shape: Shape }>(
    port: Port,
    value: string,
  ): Port => {
    const axis = options.axes[port.name];
    if (axis === undefined) return port;
    positions.set(value, onAxis(axis));
    return { ...port, shape: port.shape.map((extent, at) => (at === axis ? options.size : extent)) };
  };
  const inputs = graph.inputs.map((input) => resized(input, input.name));
  const states = graph.states.map((state) => {
    const axis = options.axes[state.name];
    const initial = axis === undefined ? undefined : repeatInitial(state, axis, sizes);
    return { ...resized(state, state.input), ...(initial && { initial }) };
  });
  const constants = new Map(graph.constants);
  const nodes: Node[] = [];
  const freshName = nameMaker([...shapes.keys(), ...graph.nodes.map(({ name }) => name)]);
  /** What a reshape of examples read: they can be put elsewhere from there as well. */
  const sources = new Map<string, BatchedValue>();
  const moved = new Map<string, string>();
  /** The value with its examples there; a copy where they are elsewhere. */
  const valueAt = (value: string, position: BatchPosition): string => {
    const current = positions.get(value);
    if (!current || samePosition(current, position)) return value;
    const { axis, before, after } = position;
    const key = JSON.stringify([value, axis, before, after]);
    const existing = moved.get(key);
    if (existing !== undefined) return existing;
    const from = sources.get(value) ?? { value, shape: shapeOf(value), position: current };
    const to = { value: freshName(`${value}, examples on axis ${axis}`), shape: shapeOf(value), position };
    const moves = moveExamples(from, to, options.size);
    // In a batch of one they are on any axis of extent 1.
    if (moves.length === 0) return from.value;
    nodes.push(...moves);
    positions.set(to.value, position);
    moved.set(key, to.value);
    return to.value;
  };
  for (const node of graph.nodes) {
    withContext({ layer: node.name }, () => {
      const operands = node.inputs.map((value) =>
        value === null ? null : { shape: shapeOf(value), position: positions.get(value) },
      );
      const output = shapeOf(node.outputs[0] ?? '');
      const placed = placeOperands(node.op, operands, output, sizes);
      const rebatched = rebatchNode(node.op, placed, output, sizes);
      const renewed = {
        ...node,
        op: rebatched.op,
        inputs: node.inputs.map((value, index) => {
          const position = placed[index]?.position;
          return value === null || !position ? value : valueAt(value, position);
        }),
      };
      node.outputs.forEach((value, index) => {
        const position = rebatched.positions[index];
        if (position) positions.set(value, position);
      });
      const [value] = node.inputs;
      const [x] = renewed.inputs;
      const from = typeof x === 'string' ? positions.get(x) : undefined;
      if (node.op.kind === 'reshape' && typeof value === 'string' && typeof x === 'string' && from) {
        const source = sources.get(x) ?? { value: x, shape: shapeOf(value), position: from };
        for (const result of node.outputs) sources.set(result, source);
      }
      nodes.push(...repeatStates(renewed, placed, constants, sizes, freshName));
    });
  }
  // Losses and predictions need an axis that counts examples.
  const outputs = graph.outputs.map((output) => {
    const position = positions.get(output.value);
    if (sizes.examples !== 1 || !position || isWhole(position)) return output;
    const whole = possiblePositions(shapeOf(output.value)).find(isWhole);
    return whole ? { ...output, value: valueAt(output.value, whole) } : output;
  });
  return { graph: { ...graph, inputs, outputs, states, nodes, constants }, positions };
}

/** Makes names that are not taken. */
function nameMaker(names: readonly string[]): (name: string) => string {
  const taken = new Set(names);
  const fresh = (name: string): string => {
    if (taken.has(name)) return fresh(`${name}'`);
    taken.add(name);
    return name;
  };
  return fresh;
}
