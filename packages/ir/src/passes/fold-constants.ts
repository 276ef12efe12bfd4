import { withContext } from '../errors.ts';
import type { Graph, Node } from '../graph.ts';
import { operatorDefinition } from '../operators/registry.ts';
import { elementCount, type Tensor } from '../tensor.ts';

/** Nodes with more multiply-adds or result elements than this stay: folding must not hang or fill memory. */
const maximumWork = 2 ** 24;

function evaluateConstant(node: Node, constants: ReadonlyMap<string, Tensor>): Tensor[] | undefined {
  // What a function of a user's own computes is not known here.
  if (node.op.kind === 'custom') return undefined;
  const inputs: (Tensor | null)[] = [];
  for (const value of node.inputs) {
    const tensor = value === null ? null : constants.get(value);
    if (tensor === undefined) return undefined;
    inputs.push(tensor);
  }
  const definition = operatorDefinition(node.op.kind);
  const shapes = inputs.map((tensor) => tensor?.shape ?? null);
  const outputs = definition.inferShapes(node.op, shapes);
  const work = Math.max(definition.macs(node.op, shapes, outputs), ...outputs.map(elementCount));
  if (work > maximumWork) return undefined;
  const results = definition.reference(node.op, inputs);
  // A result that is not finite could not be stored as a constant: validation refuses NaN, and infinite weights.
  return results.every(({ data }) => data.every(Number.isFinite)) ? results : undefined;
}

/**
 * Replaces nodes that read only constants by their results, where these are finite. Constants that nothing reads afterwards are left for
 * `removeDeadNodes`.
 *
 * @throws `GrimError` naming the node when its operands do not fit.
 */
export function foldConstants(graph: Graph): Graph {
  const constants = new Map(graph.constants);
  const nodes = graph.nodes.filter((node) => {
    const results = withContext({ layer: node.name }, () => evaluateConstant(node, constants));
    if (!results || results.length < node.outputs.length) return true;
    results.forEach((tensor, position) => {
      const value = node.outputs[position];
      if (value !== undefined) constants.set(value, tensor);
    });
    return false;
  });
  return { ...graph, nodes, constants };
}
