import { describeLayers, type Graph } from '@grim/ir';

/** What a call says about its layer. */
interface LayerCall {
  readonly node: string;
  /** Multiply-adds with stored weights; 0 for calls that have none. */
  readonly macs: number;
}

/**
 * How many times the weights that are not zero every layer multiplies with: 1 where nothing but them is stored, as many as it
 * was pruned by where it stays dense.
 *
 * Every weight of a layer is used equally often, so the multiply-adds that need be are those of the dense layer times the share of
 * weights that are not zero.
 *
 * @param graph - The graph that was lowered.
 * @param calls - Its calls.
 * @returns By layer. Layers without constant weights, or with nothing but zeros, have no entry.
 */
export function layerPadding(graph: Graph, calls: readonly LayerCall[]): ReadonlyMap<string, number> {
  const stored = new Map<string, number>();
  for (const { node, macs } of calls) stored.set(node, (stored.get(node) ?? 0) + macs);
  const padding = new Map<string, number>();
  for (const { name, macs, zeros, matrices } of describeLayers(graph)) {
    const weights = matrices.reduce((sum, { rows, columns }) => sum + rows * columns, 0);
    const isConstant = matrices.every(({ value }) => graph.constants.has(value));
    const layerMacs = stored.get(name) ?? 0;
    if (isConstant && weights > zeros && layerMacs > 0) {
      padding.set(name, (layerMacs / macs) * (weights / (weights - zeros)));
    }
  }
  return padding;
}
