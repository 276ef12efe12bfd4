import { GrimError, type Graph, type Node, type Tensor } from '@grim/ir';
import { matchesGlob } from '@grim/prune';
import { liveNodes } from './live-nodes.ts';

/** Operands that are weights, biases and scales, by kind of operator. */
const weightOperands: Partial<Record<Node['op']['kind'], readonly number[]>> = {
  conv: [1, 2],
  gru: [1, 2, 3, 4],
  layerNorm: [1, 2],
  linear: [1, 2],
  lstm: [1, 2, 3],
};

/**
 * The constants of a graph that are trained: what layers use as weights, biases and scales, as copies. Weights that an operator
 * calls fixed stay as they are, and so do those that `frozen` names, by layer or by constant, and those of layers that lead to no output.
 *
 * @param graph - The network.
 * @param frozen - Patterns; `*` stands for any characters, `?` for one.
 * @throws `GrimError` when a pattern matches nothing.
 */
export function trainableParameters(graph: Graph, frozen: readonly string[]): Map<string, Tensor> {
  const live = new Set(liveNodes(graph).map(({ name }) => name));
  const uses = graph.nodes.flatMap((node) =>
    (weightOperands[node.op.kind] ?? []).flatMap((position) => {
      const value = node.inputs[position];
      if (typeof value !== 'string' || !graph.constants.has(value)) return [];
      return [{ layer: node.name, value, isFixed: 'fixed' in node.op, isLive: live.has(node.name) }];
    }),
  );
  const isFrozen = (
    pattern: string,
    { layer, value }: { readonly layer: string; readonly value: string },
  ): boolean => matchesGlob(pattern, layer) || matchesGlob(pattern, value);
  for (const pattern of frozen) {
    if (!uses.some((use) => isFrozen(pattern, use))) {
      throw new GrimError(`frozen pattern "${pattern}" matches no layer with weights`);
    }
  }
  const kept = new Set(
    uses
      .filter((use) => use.isFixed || frozen.some((pattern) => isFrozen(pattern, use)))
      .map(({ value }) => value),
  );
  const parameters = new Map<string, Tensor>();
  for (const { value, isLive } of uses) {
    const tensor = graph.constants.get(value);
    if (!tensor || !isLive || kept.has(value) || parameters.has(value)) continue;
    parameters.set(value, { shape: tensor.shape, data: tensor.data.slice() });
  }
  return parameters;
}
