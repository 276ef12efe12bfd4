import type { Graph, Node } from '../graph.ts';
import type { Activation } from '../operators/activation.ts';
import { indexGraph } from './graph-index.ts';

/** The node with an activation after it, or `undefined` when its operator cannot take one (more). */
function activate(node: Node, activation: Activation, output: string): Node | undefined {
  const { op } = node;
  if (op.kind !== 'conv' && op.kind !== 'linear' && op.kind !== 'binary') return undefined;
  if (op.activation) return undefined;
  return { ...node, op: { ...op, activation }, outputs: [output] };
}

/**
 * Moves a unary function into the convolution, matrix product or binary function before it, when nothing else reads
 * the value between them and no activation is there yet.
 */
export function fuseActivations(graph: Graph): Graph {
  const { producers, consumers, shown } = indexGraph(graph);
  const fused = new Map<Node, Node>();
  const removed = new Set<Node>();
  for (const node of graph.nodes) {
    if (node.op.kind !== 'unary') continue;
    const [value] = node.inputs;
    const [output] = node.outputs;
    if (value === null || value === undefined || output === undefined) continue;
    const producer = producers.get(value);
    if (!producer || fused.has(producer) || shown.has(value) || consumers.get(value)?.length !== 1) continue;
    const replacement = activate(producer, node.op.activation, output);
    if (!replacement) continue;
    fused.set(producer, replacement);
    removed.add(node);
  }
  return {
    ...graph,
    nodes: graph.nodes.filter((node) => !removed.has(node)).map((node) => fused.get(node) ?? node),
  };
}
