import { GrimError, withContext } from './errors.ts';
import type { Graph, Node } from './graph.ts';
import { operatorDefinition } from './operators/registry.ts';
import { elementCount, formatShape, type Shape } from './tensor.ts';

/** Elements of the largest tensor a graph may hold: 4 GiB of 32-bit floats, what 32-bit linear memory can address. */
export const maximumElements = 2 ** 30;

function requireUsable(shape: Shape, value: string): void {
  if (shape.some((extent) => !Number.isSafeInteger(extent) || extent < 1)) {
    throw new GrimError(
      `value ${value} has shape ${formatShape(shape)}; every extent must be a positive integer`,
    );
  }
  if (elementCount(shape) > maximumElements) {
    throw new GrimError(`value ${value} of shape ${formatShape(shape)} exceeds ${maximumElements} elements`);
  }
}

function inferNode(node: Node, shapes: ReadonlyMap<string, Shape>): Shape[] {
  const definition = operatorDefinition(node.op.kind);
  const repeats = definition.operands.at(-1)?.startsWith('...') === true;
  if (!repeats && node.inputs.length > definition.operands.length) {
    throw new GrimError(
      `${node.op.kind} takes at most ${definition.operands.length} operand(s), got ${node.inputs.length}`,
    );
  }
  const inputs = node.inputs.map((value) => {
    if (value === null) return null;
    const shape = shapes.get(value);
    if (!shape) throw new GrimError(`value ${value} is used before it is defined`);
    return shape;
  });
  const outputs = definition.inferShapes(node.op, inputs);
  if (node.outputs.length > outputs.length) {
    throw new GrimError(
      `${node.op.kind} has ${outputs.length} result(s), got names for ${node.outputs.length}`,
    );
  }
  return outputs;
}

/**
 * The shape of every value of a graph: inputs, states, constants and node outputs, by value name.
 *
 * @throws `GrimError` naming the node and both shapes when operands do not fit, when a value is used before it is
 * defined or defined twice, and when a tensor would exceed {@link maximumElements}.
 */
export function inferShapes(graph: Graph): Map<string, Shape> {
  const shapes = new Map<string, Shape>();
  const define = (value: string, shape: Shape): void => {
    requireUsable(shape, value);
    if (shapes.has(value)) throw new GrimError(`value ${value} is defined twice`);
    shapes.set(value, shape);
  };
  for (const input of graph.inputs) define(input.name, input.shape);
  for (const state of graph.states) {
    withContext({ layer: state.name }, () => {
      define(state.input, state.shape);
    });
  }
  for (const [name, tensor] of graph.constants) define(name, tensor.shape);
  for (const node of graph.nodes) {
    withContext({ layer: node.name }, () => {
      const outputs = inferNode(node, shapes);
      node.outputs.forEach((value, position) => {
        define(value, outputs[position] ?? []);
      });
    });
  }
  return shapes;
}
