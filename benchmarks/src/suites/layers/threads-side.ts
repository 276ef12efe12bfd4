import { compileGraph } from '@grim/codegen-wasm';
import { elementCount, writeArtefact, type Graph } from '@grim/ir';
import { loadModel } from '@grim/runtime';
import { layerGraph } from './layer-graph.ts';
import { usefulMacs, type Layer, type LayerWeight } from './layer.ts';
import type { PreparedSide } from './prepared-side.ts';

/** A layer with the mean of every channel behind it: a session copies its outputs out on one thread, so they have to be few. */
function withChannelMeans(graph: Graph): Graph {
  const mean = { kind: 'reduce', function: 'mean', axes: [2, 3], keepDims: false } as const;
  return {
    ...graph,
    outputs: [{ name: 'mean', value: 'mean' }],
    nodes: [...graph.nodes, { name: 'mean', op: mean, inputs: ['y'], outputs: ['mean'] }],
  };
}

/**
 * A convolution as a model that the runtime runs, compiled for two threads: padding of its input, the layer and the mean of
 * every channel.
 *
 * @param threads - How many threads run it.
 * @returns (A promise of) the side; `undefined` when the layer is too small to be worth a second thread.
 */
export async function threadsSide(
  layer: Layer,
  weights: readonly LayerWeight[],
  threads: 1 | 2,
): Promise<PreparedSide | undefined> {
  const program = await compileGraph(withChannelMeans(layerGraph(layer, weights)), { threads: 2 });
  if (!program.plan.threads) return undefined;
  const provenance = { grimVersion: 'benchmark', options: {} };
  const model = await loadModel(writeArtefact({ ...program, provenance }), { threads });
  if (model.threads.count !== threads) {
    await model.close();
    throw new Error(
      `${layer.shape.name} runs on ${model.threads.count} thread(s), not ${threads}: ${model.threads.reason}`,
    );
  }
  const session = model.createSession();
  for (const { name, values } of layer.inputs) session.input(name).set(values);
  const { mean = new Float32Array(elementCount(model.outputs[0]?.shape ?? [])) } = session.run();
  return {
    run: () => session.run(),
    macs: usefulMacs(weights),
    output: mean.slice(),
    close: () => model.close(),
  };
}
