import { inferShapes, type Graph } from '@grim/ir';
import type { Jax } from './jax/load-jax.ts';
import type { Stage } from './layers/stage.ts';
import { stagesOfNode, type MakeStage } from './layers/stages-of-node.ts';

/** A stage of a network and the values that it joins. */
export interface PlannedStage {
  /** Name of the node. */
  readonly layer: string;
  readonly stage: Stage;
  readonly inputs: readonly (string | null)[];
  readonly outputs: readonly string[];
  /** Whether anything that is trained depends on it. */
  readonly trained: boolean;
}

/**
 * The stages of a graph in the order they run: those that its outputs depend on. A node with an activation has two.
 *
 * @param jax - The library.
 * @param graph - The network, with the batch it is trained with.
 * @param parameters - Names of the constants that are trained.
 * @throws `GrimError` naming the layer when it cannot be trained, or shapes do not fit.
 */
export function planStages(jax: Jax, graph: Graph, parameters: ReadonlySet<string>): PlannedStage[] {
  const shapes = inferShapes(graph);
  const needed = new Set(graph.outputs.map(({ value }) => value));
  const live = graph.nodes
    .toReversed()
    .filter(({ inputs, outputs }) => {
      if (!outputs.some((value) => needed.has(value))) return false;
      for (const value of inputs) if (value !== null) needed.add(value);
      return true;
    })
    .toReversed();
  const trained = new Set(parameters);
  const shapeOf = (value: string | null): readonly number[] | null =>
    value === null ? null : (shapes.get(value) ?? []);
  const place = (
    layer: string,
    make: MakeStage,
    inputs: readonly (string | null)[],
    outputs: readonly string[],
  ): PlannedStage => {
    const wanted = inputs.map((value) => value !== null && trained.has(value));
    const isTrained = wanted.includes(true);
    if (isTrained) for (const value of outputs) trained.add(value);
    const site = {
      jax,
      inputShapes: inputs.map(shapeOf),
      outputShapes: outputs.map((value) => shapes.get(value) ?? []),
      wanted,
    };
    return { layer, stage: make(site), inputs, outputs, trained: isTrained };
  };
  return live.flatMap((node) => {
    const { operator, activation } = stagesOfNode(node);
    const [output = '', ...others] = node.outputs;
    if (!activation) return [place(node.name, operator, node.inputs, node.outputs)];
    let before = `${output} before its activation`;
    while (shapes.has(before)) before += "'";
    shapes.set(before, shapes.get(output) ?? []);
    return [
      place(node.name, operator, node.inputs, [before, ...others]),
      place(node.name, activation, [before], [output]),
    ];
  });
}
