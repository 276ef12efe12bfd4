import {
  elementCount,
  formatShape,
  GrimError,
  inferShapes,
  zeros,
  type Graph,
  type Shape,
  type Tensor,
} from '@grim/ir';
import type { Trainer } from '@grim/prune';
import { isWhole } from './batch/batch-position.ts';
import type { BatchOptions } from './batch/batch-options.ts';
import { withBatch } from './batch/with-batch.ts';
import type { Batch } from './data/create-batches.ts';
import { gatherExamples } from './data/gather-examples.ts';
import { scatterExamples } from './data/scatter-examples.ts';
import { loadJax, type JaxArray } from './jax/load-jax.ts';
import { download, upload } from './jax/transfer.ts';
import type { Loss } from './losses/loss.ts';
import { adam } from './optimisers/adam.ts';
import type { MakeOptimiser } from './optimisers/optimiser.ts';
import { planStages } from './plan.ts';
import { runStages, type NetworkPass } from './run-stages.ts';
import { trainableParameters } from './trainable-parameters.ts';

/** How a graph is trained. */
export interface TrainerOptions<Target> {
  /** Examples of a batch and where they are in the inputs. */
  readonly batch: BatchOptions;
  /** What is made small. */
  readonly loss: Loss<Target>;
  /** The rule that changes the parameters; `adam()` by default. */
  readonly optimiser?: MakeOptimiser;
  /** Patterns of layers or constants that stay as they are. */
  readonly frozen?: readonly string[];
}

/** A graph that is trained. */
export interface GraphTrainer<Target> extends Trainer<Batch<Target>> {
  /**
   * Outputs for any number of examples, in batches, with the values that the parameters have now.
   *
   * @param inputs - Values of each input, [count, ...shape of one example].
   * @returns Values of each output, [count, ...shape for one example].
   */
  readonly predict: (inputs: Readonly<Record<string, Tensor>>) => Promise<Map<string, Tensor>>;
}

/**
 * Makes a graph trainable with jax-js on WebAssembly. Compiling takes a moment at the first batch.
 *
 * The graph may have been exported for one example: its shapes are derived anew for the batch. States of the graph start each
 * batch from their initial values.
 *
 * @param graph - The network; it stays as it is.
 * @param options - Batch, loss and rule.
 * @throws `GrimError` naming the layer when it cannot be trained or does not keep the examples of a batch apart.
 */
export async function createTrainer<Target>(
  graph: Graph,
  options: TrainerOptions<Target>,
): Promise<GraphTrainer<Target>> {
  const { batch, loss, optimiser: makeOptimiser = adam(), frozen = [] } = options;
  const { graph: batched, positions } = withBatch(graph, batch);
  const shapes = inferShapes(batched);
  const parameters = trainableParameters(graph, frozen);
  const jax = await loadJax();
  const stages = planStages(jax, batched, new Set(parameters.keys()));
  const optimiser = makeOptimiser(parameters);
  const used = new Set(stages.flatMap(({ inputs }) => inputs));

  const forward = (inputs: Readonly<Record<string, Float32Array>>): Promise<NetworkPass> => {
    const given = new Map<string, JaxArray>();
    for (const { name, shape } of batched.inputs) {
      const data = inputs[name];
      if (data?.length !== elementCount(shape)) {
        throw new GrimError(
          `input ${name} ${formatShape(shape)} needs ${elementCount(shape)} value(s), got ${data?.length ?? 'none'}`,
        );
      }
      given.set(name, upload(jax, data, shape));
    }
    for (const { input, shape, initial } of batched.states) {
      given.set(input, upload(jax, initial ?? zeros(shape).data, shape));
    }
    for (const [name, constant] of batched.constants) {
      if (used.has(name))
        given.set(name, upload(jax, (parameters.get(name) ?? constant).data, constant.shape));
    }
    return runStages(stages, given);
  };
  const outputsOf = async (pass: NetworkPass): Promise<Map<string, Tensor>> => {
    const outputs = new Map<string, Tensor>();
    for (const { name, value } of batched.outputs) {
      outputs.set(name, { shape: shapes.get(value) ?? [], data: await download(pass.value(value).ref) });
    }
    return outputs;
  };

  return {
    parameters,
    memory: optimiser.memory,
    resetOptimiser: optimiser.reset,
    step: optimiser.step,
    lossAndGradients: async ({ inputs, target }) => {
      const pass = await forward(inputs);
      try {
        const { loss: value, derivatives } = loss(await outputsOf(pass), target);
        const cotangents = new Map<string, JaxArray>();
        for (const { name, value: of } of batched.outputs) {
          const derivative = derivatives.get(name);
          if (!derivative) continue;
          const array = upload(jax, derivative, shapes.get(of) ?? []);
          const other = cotangents.get(of);
          cotangents.set(of, other ? other.add(array) : array);
        }
        const arrays = await pass.pullBack(cotangents, parameters.keys());
        const gradients = new Map<string, Float32Array>();
        for (const [name, { data }] of parameters) {
          const array = arrays.get(name);
          gradients.set(name, array ? await download(array) : new Float32Array(data.length));
        }
        return { loss: value, gradients };
      } finally {
        pass.release();
      }
    },
    predict: async (inputs) => {
      const count = Object.values(inputs)[0]?.shape[0] ?? 0;
      const results = new Map<string, Tensor>();
      for (let start = 0; start < count; start += batch.size) {
        // The last batch is filled up with its last example: shapes are static.
        const chosen = Array.from({ length: batch.size }, (_, index) => Math.min(start + index, count - 1));
        const pass = await forward(
          Object.fromEntries(
            Object.entries(inputs).map(([name, tensor]) => [
              name,
              gatherExamples(tensor, chosen, batch.axes[name] ?? 0),
            ]),
          ),
        );
        try {
          for (const [name, tensor] of await outputsOf(pass)) {
            const value = batched.outputs.find((output) => output.name === name)?.value ?? '';
            const axis = exampleAxis(name, tensor.shape, positions.get(value));
            const all = results.get(name) ?? zeros([count, ...tensor.shape.toSpliced(axis, 1)]);
            scatterExamples(tensor, axis, all, start);
            results.set(name, all);
          }
        } finally {
          pass.release();
        }
      }
      return results;
    },
    graph: () => ({
      ...graph,
      constants: new Map(
        [...graph.constants].map(([name, tensor]): [string, Tensor] => {
          const trained = parameters.get(name);
          return [name, trained ? { shape: tensor.shape, data: trained.data.slice() } : tensor];
        }),
      ),
    }),
  };
}

/** The axis of an output that counts examples. */
function exampleAxis(
  name: string,
  shape: Shape,
  position: Parameters<typeof isWhole>[0] | undefined,
): number {
  if (!position || !isWhole(position)) {
    throw new GrimError(
      `output ${name} ${formatShape(shape)} has no axis that counts the examples of a batch`,
    );
  }
  return position.axis;
}
