import { inferShapes, type Graph, type Shape } from '@grim/ir';
import type { Extras } from './extras.ts';
import type { Jax } from './jax/load-jax.ts';
import { batchNormStage } from './layers/batch-norm-stage.ts';
import { dropoutStage } from './layers/dropout-stage.ts';
import type { Stage, StageSite } from './layers/stage.ts';
import { stagesOfNode, type MakeStage } from './layers/stages-of-node.ts';
import { liveNodes } from './live-nodes.ts';

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

/** A stage behind an output of a node, with the parameters that it has beside it. */
interface Behind {
  readonly make: MakeStage;
  readonly parameters: readonly string[];
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
  const nodes = liveNodes(graph);
  const read = new Set([
    ...nodes.flatMap(({ inputs }) => inputs),
    ...graph.outputs.map(({ value }) => value),
  ]);
  return nodes.flatMap((node) => {
    const { operator, activation } = stagesOfNode(node);
    const batchNorm = extras.batchNorms.get(node.name);
    const dropout = extras.dropouts.get(node.name);
    const behind: Behind[] = [];
    if (batchNorm) {
      const { gamma, beta, axis, running } = batchNorm;
      behind.push({ make: (site) => batchNormStage(site, axis, running), parameters: [gamma, beta] });
    }
    if (activation) behind.push({ make: activation, parameters: [] });
    // A recurrent layer has dropout behind its last state too, where that is what is read.
    const chains = node.outputs.map((output, index): Behind[] => [
      ...(index === 0 ? behind : []),
      ...(dropout && read.has(output)
        ? [
            {
              make: (site: StageSite) => dropoutStage(site, dropout.rate, () => dropout.seed(index)),
              parameters: [],
            },
          ]
        : []),
    ]);
    const nameAfter = (output: string, chain: readonly Behind[], count: number): string => {
      if (count === chain.length) return output;
      let name = `${output} after ${count} of ${chain.length}`;
      while (shapes.has(name)) name += "'";
      shapes.set(name, shapeOf(output));
      return name;
    };
    const first = node.outputs.map((output, index) => nameAfter(output, chains[index] ?? [], 0));
    const stages = [place(node.name, operator, node.inputs, first)];
    node.outputs.forEach((output, index) => {
      const chain = chains[index] ?? [];
      let value = first[index] ?? output;
      chain.forEach(({ make, parameters: own }, count) => {
        const next = nameAfter(output, chain, count + 1);
        stages.push(place(node.name, make, [value, ...own], [next]));
        value = next;
      });
    });
    return stages;
  });
}
