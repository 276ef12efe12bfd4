import {
  formatShape,
  GrimError,
  inferShapes,
  withContext,
  zeros,
  type Graph,
  type Node,
  type Shape,
  type Tensor,
} from '@grim/ir';
import type { BatchOptions } from './batch-options.ts';
import { onAxis, type BatchPosition } from './batch-position.ts';
import { rebatchNode } from './rebatch-node.ts';

/** A graph for batches of another size. */
export interface BatchedGraph {
  readonly graph: Graph;
  /** Where the examples are, by name of the value; values that do not depend on them are left out. */
  readonly positions: ReadonlyMap<string, BatchPosition>;
}

function requireAxes(graph: Graph, { size, axes }: BatchOptions): number {
  if (!Number.isSafeInteger(size) || size < 1) {
    throw new GrimError(`batch size must be a positive integer, got ${size}`);
  }
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
        throw new GrimError(`batch axes do not say which axis of input ${name} counts examples`);
      }
      continue;
    }
    const extent = Number.isInteger(axis) ? shape[axis] : undefined;
    if (extent === undefined) {
      throw new GrimError(`batch axis ${axis} of ${name} is outside its shape ${formatShape(shape)}`);
    }
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
 * @param graph - The network, as it was exported: with one example, or any number.
 * @param options - Size of a batch, and the axis of each input that counts examples.
 * @throws `GrimError` naming an input that is not there or has no axis, and naming the layer where examples do not stay
 * apart: one that works along their axis, or takes them apart in a reshape.
 */
export function withBatch(graph: Graph, options: BatchOptions): BatchedGraph {
  const examples = requireAxes(graph, options);
  const shapes = inferShapes(graph);
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
    if (options.axes[state.name] !== undefined && state.initial?.some((value) => value !== 0)) {
      throw new GrimError('starts from values of its own, which a batch cannot be given', {
        layer: state.name,
      });
    }
    return resized(state, state.input);
  });
  const constants = new Map(graph.constants);
  const nodes = graph.nodes.flatMap((node) =>
    withContext({ layer: node.name }, () => {
      const operands = node.inputs.map((value) =>
        value === null ? null : { shape: shapes.get(value) ?? [], position: positions.get(value) },
      );
      const outputs = node.outputs.map((value) => shapes.get(value) ?? []);
      const rebatched = rebatchNode(node.op, operands, outputs, examples, options.size);
      node.outputs.forEach((value, index) => {
        const position = rebatched.positions[index];
        if (position) positions.set(value, position);
      });
      const renewed = { ...node, op: rebatched.op };
      return repeatStates(renewed, shapes, positions, constants, options.size);
    }),
  );
  return { graph: { ...graph, inputs, states, nodes, constants }, positions };
}

/** Operands of a recurrent layer that hold a state before its first step. */
const stateOperands = { gru: [5], lstm: [4, 5] } as const;

/**
 * Repeats the state that a recurrent layer starts from over the examples of a batch, where it is the same for all of them:
 * a sum with zeros of the right shape.
 */
function repeatStates(
  node: Node,
  shapes: ReadonlyMap<string, Shape>,
  positions: ReadonlyMap<string, BatchPosition>,
  constants: Map<string, Tensor>,
  size: number,
): Node[] {
  if (node.op.kind !== 'gru' && node.op.kind !== 'lstm') return [node];
  const inputs = [...node.inputs];
  const repeats: Node[] = [];
  for (const operand of stateOperands[node.op.kind]) {
    const value = inputs[operand];
    if (typeof value !== 'string' || positions.has(value) || shapes.get(value)?.[0] === size) continue;
    const repeated = freshName(`${node.name}/state ${operand}`, shapes);
    const column = freshName(`${repeated}/zeros`, shapes);
    constants.set(column, zeros([size, 1]));
    repeats.push({
      name: repeated,
      op: { kind: 'binary', function: 'add' },
      inputs: [value, column],
      outputs: [repeated],
    });
    inputs[operand] = repeated;
  }
  return [...repeats, { ...node, inputs }];
}

function freshName(name: string, taken: ReadonlyMap<string, unknown>): string {
  return taken.has(name) ? freshName(`${name}'`, taken) : name;
}
