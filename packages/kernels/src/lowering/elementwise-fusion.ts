import { sameShape, type Graph, type Node, type Shape } from '@grim/ir';

const isElementwise = (node: Node): boolean => node.op.kind === 'unary' || node.op.kind === 'binary';

/**
 * Elementwise nodes that need no storage of their own: their only reader is another elementwise node of the same shape,
 * which computes them on the way. Values that outlive the run (outputs, states) are always stored.
 *
 * @returns The nodes to compute in their reader, by the value they produce.
 */
export function inlinedElementwise(
  graph: Graph,
  shapes: ReadonlyMap<string, Shape>,
): ReadonlyMap<string, Node> {
  const readers = new Map<string, Node[]>();
  for (const node of graph.nodes) {
    for (const input of node.inputs) {
      if (input === null) continue;
      readers.set(input, [...(readers.get(input) ?? []), node]);
    }
  }
  const kept = new Set([
    ...graph.outputs.map(({ value }) => value),
    ...graph.states.map(({ output }) => output),
  ]);
  const inlined = new Map<string, Node>();
  for (const node of graph.nodes) {
    const [value] = node.outputs;
    if (value === undefined || !isElementwise(node) || kept.has(value)) continue;
    const [reader, ...others] = readers.get(value) ?? [];
    const shape = shapes.get(value);
    const readerShape = shapes.get(reader?.outputs[0] ?? '');
    if (!reader || others.length > 0 || !isElementwise(reader) || !shape || !readerShape) continue;
    if (sameShape(shape, readerShape)) inlined.set(value, node);
  }
  return inlined;
}
