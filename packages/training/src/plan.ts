import { inferShapes, type Graph, type Node, type Shape } from '@grim/ir';
import type { Extras } from './extras.ts';
import type { Jax } from './jax/load-jax.ts';
import { batchNormStage } from './layers/batch-norm-stage.ts';
import { dropoutStage } from './layers/dropout-stage.ts';
import type { Stage } from './layers/stage.ts';
import { stagesOfNode, type MakeStage } from './layers/stages-of-node.ts';

/** A stage of a network and the values that it joins. */
export interface PlannedStage {
  /** Name of the node. */
  readonly layer: string;
  readonly stage: Stage;
  readonly inputs: readonly (string | null)[];
  readonly outputs: readonly string[];
  /** Whether it depends on anything that is trained. */
  readonly trained: boolean;
}

/** Nodes that the outputs of a graph depend on, in their order. */
function liveNodes(graph: Graph): Node[] {
  const needed = new Set(graph.outputs.map(({ value }) => value));
  return graph.nodes
    .toReversed()
    .filter(({ inputs, outputs }) => {
      if (!outputs.some((value) => needed.has(value))) return false;
      for (const value of inputs) if (value !== null) needed.add(value);
      return true;
    })
    .toReversed();
}

/**
 * The stages of a graph in the order they run: those that its outputs depend on. A node has one for its operator, then those for
 * batch norm, activation and dropout where it has them.
 *
 * @param jax - The library.
 * @param graph - The network, with the batch it is trained with.
 * @param parameters - Names of the values that are trained.
 * @param extras - Batch norm and dropout by layer.
 * @throws `GrimError` naming the layer when it cannot be trained, or shapes do not fit.
 */
export function planStages(
  jax: Jax,
  graph: Graph,
  parameters: ReadonlySet<string>,
  extras: Extras,
): PlannedStage[] {
  const shapes = inferShapes(graph);
  for (const [name, { shape }] of extras.parameters) shapes.set(name, shape);
  const trained = new Set(parameters);
  const shapeOf = (value: string): Shape => shapes.get(value) ?? [];
  const place = (
    layer: string,
    make: MakeStage,
    inputs: readonly (string | null)[],
    outputs: readonly string[],
  ): PlannedStage => {
    const wanted = inputs.map((value) => value !== null && trained.has(value));
    const isTrained = wanted.includes(true);
    if (isTrained) for (const value of outputs) trained.add(value);
    const stage = make({
      jax,
      inputShapes: inputs.map((value) => (value === null ? null : shapeOf(value))),
      outputShapes: outputs.map(shapeOf),
      wanted,
    });
    return { layer, stage, inputs, outputs, trained: isTrained };
  };
  return liveNodes(graph).flatMap((node) => {
    const { operator, activation } = stagesOfNode(node);
    const batchNorm = extras.batchNorms.get(node.name);
    const dropout = extras.dropouts.get(node.name);
    const behind: { readonly make: MakeStage; readonly parameters: readonly string[] }[] = [];
    if (batchNorm) {
      const { gamma, beta, axis, running } = batchNorm;
      behind.push({ make: (site) => batchNormStage(site, axis, running), parameters: [gamma, beta] });
    }
    if (activation) behind.push({ make: activation, parameters: [] });
    if (dropout) {
      behind.push({ make: (site) => dropoutStage(site, dropout.rate, dropout.seed), parameters: [] });
    }
    const [output = '', ...others] = node.outputs;
    const nameAfter = (stages: number): string => {
      if (stages === behind.length) return output;
      let name = `${output} after ${stages} of ${behind.length}`;
      while (shapes.has(name)) name += "'";
      shapes.set(name, shapeOf(output));
      return name;
    };
    let value = nameAfter(0);
    const stages = [place(node.name, operator, node.inputs, [value, ...others])];
    behind.forEach(({ make, parameters: own }, index) => {
      const next = nameAfter(index + 1);
      stages.push(place(node.name, make, [value, ...own], [next]));
      value = next;
    });
    return stages;
  });
}
