import { compileGraph } from '@grim/codegen-wasm';
import { writeArtefact, type Graph } from '@grim/ir';
import { loadModel } from '@grim/runtime';
import { layerGraph } from './layer-graph.ts';
import { outputSize, type ConvShape } from './layer-shape.ts';
import { usefulMacs, type Layer, type LayerWeight } from './layer.ts';
import type { PreparedSide } from './prepared-side.ts';

/** A layer with the first row of pixels as output: a session copies its outputs out on one thread, so they have to be few. */
function withFirstRow(graph: Graph, shape: ConvShape): Graph {
  const slice = {
    kind: 'slice',
    starts: [0, 0, 0, 0],
    sizes: [1, shape.outputs, 1, outputSize(shape)[1]],
    steps: [1, 1, 1, 1],
  } as const;
  return {
    ...graph,
    outputs: [{ name: 'row', value: 'row' }],
    nodes: [...graph.nodes, { name: 'row', op: slice, inputs: ['y'], outputs: ['row'] }],
  };
}

/**
 * A convolution as a model that the runtime runs, compiled for two threads: padding of its input and the
 * layer.
 *
 * @param threads - How many threads run it.
 * @returns (A promise of) the side; `undefined` when it is no convolution or too small to be worth a second thread.
 */
export async function threadsSide(
  layer: Layer,
  weights: readonly LayerWeight[],
  threads: 1 | 2,
): Promise<PreparedSide | undefined> {
  const { shape } = layer;
  if (shape.kind !== 'conv') return undefined;
  const program = await compileGraph(withFirstRow(layerGraph(layer, weights), shape), {
    threads: 2,
  });
  if (!program.plan.threads) return undefined;
  const provenance = { grimVersion: 'benchmark', options: {} };
  const model = await loadModel(writeArtefact({ ...program, provenance }), { threads });
  if (model.threads.count !== threads) {
    await model.close();
    throw new Error(
      `${shape.name} runs on ${model.threads.count} thread(s), not ${threads}: ${model.threads.reason}`,
    );
  }
  const session = model.createSession();
  for (const { name, values } of layer.inputs) session.input(name).set(values);
  const { row } = session.run();
  if (!row) throw new TypeError(`${shape.name} has no output`);
  return {
    run: () => session.run(),
    macs: usefulMacs(weights),
    output: row.slice(),
    close: () => model.close(),
  };
}
