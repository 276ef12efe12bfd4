import {
  elementCount,
  formatShape,
  GrimError,
  inferShapes,
  validateGraph,
  zeros,
  type Graph,
  type Shape,
  type Tensor,
} from '@grim/ir';
import type { Trainer, TrainingBatches } from '@grim/prune';
import type { BatchOptions } from './batch/batch-options.ts';
import { withBatch } from './batch/with-batch.ts';
import type { Batch } from './data/create-batches.ts';
import { createExtras, type ExtraOptions } from './extras.ts';
import { foldBatchNorm } from './fold-batch-norm.ts';
import { loadJax, type JaxArray } from './jax/load-jax.ts';
import { ownedJax } from './jax/owned-jax.ts';
import { download, upload } from './jax/transfer.ts';
import type { Mode } from './layers/stage.ts';
import type { Loss } from './losses/loss.ts';
import { requireDerivatives } from './losses/require-derivatives.ts';
import { lossError, requireFiniteGradients, requireFiniteInput } from './non-finite.ts';
import { adam } from './optimisers/adam.ts';
import { clipGradients } from './optimisers/clip-gradients.ts';
import type { MakeOptimiser } from './optimisers/optimiser.ts';
import { requireStep } from './optimisers/require-step.ts';
import { planStages } from './plan.ts';
import { predictInBatches } from './predict.ts';
import { runStages, type NetworkPass } from './run-stages.ts';
import { settleBatchNorm } from './settle-batch-norm.ts';
import { trainableParameters } from './trainable-parameters.ts';

/** How a graph is trained. */
export interface TrainerOptions<Target> extends ExtraOptions {
  /** Examples of a batch and where they are in the inputs. */
  readonly batch: BatchOptions;
  /** What is made small. */
  readonly loss: Loss<Target>;
  /** The rule that changes the parameters; `adam()` by default. */
  readonly optimiser?: MakeOptimiser;
  /** Gradients are scaled down to this norm, taken over all of them, before each step; by default they are not. */
  readonly clipNorm?: number;
  /** Patterns of layers or constants that stay as they are. */
  readonly frozen?: readonly string[];
}

/** A graph that is trained. */
export interface GraphTrainer<Target> extends Trainer<Batch<Target>> {
  /**
   * Outputs for any number of examples, in batches, with the values that the parameters have now; batch norm takes its running
   * statistics, dropout is left out.
   *
   * @param inputs - Values of each input, [count, ...shape of one example].
   * @returns Values of each output, [count, ...shape for one example].
   */
  readonly predict: (inputs: Readonly<Record<string, Tensor>>) => Promise<Map<string, Tensor>>;
  /**
   * Puts batch norm back into a network that was trained with it and has it folded: from what layers compute of some batches it gets
   * statistics, scales and shifts with which the network computes what it did without. Training goes on from there as it would have.
   *
   * @param batches - Those of the training; targets do not matter.
   * @param examples - How many of their first epoch are looked at; 1000 by default, `Infinity` for all.
   * @throws `GrimError` when that is no number of examples, or naming a layer whose values are not finite.
   */
  readonly settleBatchNorm: (batches: TrainingBatches<Batch<Target>>, examples?: number) => Promise<void>;
  /**
   * Lets go of memory that jax-js would hold for good. The parameters and the graph can be read afterwards, but nothing can be computed.
   * Only who makes many trainers in one process needs it; no pass may be running.
   */
  readonly dispose: () => void;
}

/**
 * Makes a graph trainable with jax-js on WebAssembly. Compiling takes a moment at the first batch.
 *
 * The graph may have been exported for one example: its shapes are derived anew for the batch. States of the graph start each
 * batch from their initial values.
 *
 * @param graph - The network; it stays as it is.
 * @param options - Batch, loss and rule.
 * @throws `GrimError` when the graph is not valid, and naming the layer when it cannot be trained or does not keep the examples of a
 * batch apart; from `lossAndGradients`, when inputs or the derivatives of the loss do not fit, when inputs are not finite, and naming
 * the first layer whose output or gradient is not finite.
 */
export async function createTrainer<Target>(
  graph: Graph,
  options: TrainerOptions<Target>,
): Promise<GraphTrainer<Target>> {
  const { batch, loss, optimiser: makeOptimiser = adam(), clipNorm, frozen = [] } = options;
  if (clipNorm !== undefined && !(clipNorm > 0)) {
    throw new GrimError(`clipNorm must be above 0, got ${clipNorm}`);
  }
  validateGraph(graph);
  const { graph: batched, positions } = withBatch(graph, batch);
  const shapes = inferShapes(batched);
  const shapeOf = (value: string): Shape => shapes.get(value) ?? [];
  const weights = trainableParameters(graph, frozen);
  const extras = createExtras(graph, weights, options);
  const parameters = new Map([...weights, ...extras.parameters]);
  const { jax, dispose } = ownedJax(await loadJax());
  let isDisposed = false;
  const stages = planStages(jax, batched, new Set(parameters.keys()), extras);
  const optimiser = makeOptimiser(parameters);
  const used = new Set<string | null>([
    ...stages.flatMap(({ inputs }) => inputs),
    ...batched.outputs.map(({ value }) => value),
  ]);
  const owners = new Map(
    [...extras.batchNorms].flatMap(([layer, { gamma, beta }]) => [
      [gamma, layer] as const,
      [beta, layer] as const,
    ]),
  );

  const forward = (inputs: Readonly<Record<string, Float32Array>>, mode: Mode): Promise<NetworkPass> => {
    if (isDisposed) throw new GrimError('the trainer has been disposed of');
    const given = new Map<string, Tensor>();
    for (const { name, shape } of batched.inputs) {
      const data = inputs[name];
      if (data?.length !== elementCount(shape)) {
        throw new GrimError(
          `input ${name} ${formatShape(shape)} needs ${elementCount(shape)} value(s), got ${data?.length ?? 'none'}`,
        );
      }
      requireFiniteInput(name, data);
      given.set(name, { shape, data });
    }
    for (const { input, shape, initial } of batched.states) {
      given.set(input, { shape, data: initial ?? zeros(shape).data });
    }
    for (const [name, tensor] of [...batched.constants, ...parameters]) given.set(name, tensor);
    const arrays = new Map<string, JaxArray>();
    for (const [name, { shape, data }] of given) {
      if (used.has(name)) arrays.set(name, upload(jax, data, shape));
    }
    return runStages(stages, arrays, mode);
  };
  const outputsOf = async (pass: NetworkPass): Promise<Map<string, Tensor>> => {
    const outputs = new Map<string, Tensor>();
    for (const { name, value } of batched.outputs) {
      outputs.set(name, { shape: shapeOf(value), data: await download(pass.value(value).ref) });
    }
    return outputs;
  };
  const gradientsOf = async (
    pass: NetworkPass,
    derivatives: ReadonlyMap<string, Float32Array>,
  ): Promise<Map<string, Float32Array>> => {
    requireDerivatives(
      derivatives,
      new Map(batched.outputs.map(({ name, value }) => [name, shapeOf(value)])),
    );
    const cotangents = new Map<string, JaxArray>();
    for (const { name, value } of batched.outputs) {
      const derivative = derivatives.get(name);
      if (!derivative) continue;
      const array = upload(jax, derivative, shapeOf(value));
      const other = cotangents.get(value);
      cotangents.set(value, other ? other.add(array) : array);
    }
    const arrays = await pass.pullBack(cotangents, parameters.keys());
    const gradients = new Map<string, Float32Array>();
    for (const [name, { data }] of parameters) {
      const array = arrays.get(name);
      gradients.set(name, array ? await download(array) : new Float32Array(data.length));
    }
    return gradients;
  };

  return {
    parameters,
    memory: new Map([...optimiser.memory, ...extras.memory]),
    resetOptimiser: optimiser.reset,
    step: (gradients, learningRate) => {
      requireStep(parameters, gradients, learningRate);
      optimiser.step(clipNorm === undefined ? gradients : clipGradients(gradients, clipNorm), learningRate);
    },
    lossAndGradients: async ({ inputs, target }) => {
      extras.beginPass();
      const pass = await forward(inputs, 'training');
      try {
        const { loss: value, derivatives } = loss(await outputsOf(pass), target);
        if (!Number.isFinite(value)) throw await lossError(stages, pass, value);
        const gradients = await gradientsOf(pass, derivatives);
        requireFiniteGradients(graph.nodes, gradients, owners);
        return { loss: value, gradients };
      } finally {
        pass.release();
      }
    },
    predict: (inputs) =>
      predictInBatches(
        {
          batch,
          inputs: graph.inputs,
          outputs: new Map(
            batched.outputs.map(({ name, value }) => [
              name,
              { shape: shapeOf(value), position: positions.get(value) },
            ]),
          ),
          run: async (ofBatch) => {
            const pass = await forward(ofBatch, 'use');
            try {
              return await outputsOf(pass);
            } finally {
              pass.release();
            }
          },
        },
        inputs,
      ),
    settleBatchNorm: (batches, examples = 1000) =>
      settleBatchNorm(
        {
          batchSize: batch.size,
          stages,
          batchNorms: extras.batchNorms,
          parameters,
          forward: (inputs) => forward(inputs, 'use'),
        },
        batches,
        examples,
      ),
    dispose: () => {
      isDisposed = true;
      dispose();
    },
    graph: () => {
      const constants = new Map(graph.constants);
      for (const [name, { shape, data }] of weights) constants.set(name, { shape, data: data.slice() });
      return foldBatchNorm({ ...graph, constants }, extras.batchNorms, parameters);
    },
  };
}
