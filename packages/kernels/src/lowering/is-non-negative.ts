import type { Graph, UnaryFunction } from '@grim/ir';

/** Functions whose results are at least 0, or NaN. */
const nonNegativeFunctions: ReadonlySet<UnaryFunction | undefined> = new Set([
  'abs',
  'exp',
  'hardSigmoid',
  'relu',
  'sigmoid',
  'sqrt',
  'square',
] satisfies UnaryFunction[]);

/** Whether no element of a value can be negative, whatever the inputs are. */
export function isNonNegative(graph: Graph, value: string): boolean {
  const producer = graph.nodes.find((node) => node.outputs.includes(value));
  switch (producer?.op.kind) {
    case 'binary':
    case 'conv':
    case 'linear':
    case 'unary':
      return nonNegativeFunctions.has(producer.op.activation?.function);
    case 'pool':
      return isNonNegative(graph, producer.inputs[0] ?? '');
    default:
      return false;
  }
}
