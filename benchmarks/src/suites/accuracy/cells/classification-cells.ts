import type { Graph } from '@grim/ir';
import {
  pruneByAdmm,
  pruneByMagnitude,
  pruneByReconstruction,
  pruneByReweighting,
  pruneGradually,
  type BlockSize,
  type PruneOptions,
  type TrainedPruning,
  type TrainingPruneOptions,
} from '@grim/prune';
import { cosineRate } from '@grim/training';
import { compiledEvaluators } from '@grim/tuner';
import type { AccuracyCell, CellContext, CellResult } from '../task.ts';
import { calibrationOf } from './calibration-of.ts';
import { checkpointFile } from './checkpoint-file.ts';
import { classificationAccuracy } from './classification-accuracy.ts';
import type { ClassificationTask, TaskData } from './classification-task.ts';
import { makeTrainer, type TaskTrainer } from './make-trainer.ts';
import { resumable } from './resumable.ts';
import { seededRandom } from './seeded-random.ts';
import { trainEpochs } from './train-epochs.ts';

/** Which zeros a model may have. */
interface PatternChoice {
  readonly name: string;
  readonly options: Pick<TrainingPruneOptions, 'pattern' | 'block' | 'budget' | 'split'>;
}

/** All models of a classification task: the grid of methods, patterns, rates and seeds. */
export function classificationCells(task: ClassificationTask, quick: boolean): AccuracyCell[] {
  const load = once(task.data);
  const seeds = quick ? task.seeds.slice(0, 1) : task.seeds;
  return seeds.flatMap((seed) => cellsOfSeed(quick ? shortened(task) : task, load, seed));
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

/** A task in which every phase has one epoch. */
function shortened(task: ClassificationTask): ClassificationTask {
  const one = <P extends { readonly epochs: number }>(phase: P): P => ({ ...phase, epochs: 1 });
  return {
    ...task,
    dense: one(task.dense),
    admm: one(task.admm),
    reweighted: one(task.reweighted),
    gradual: one(task.gradual),
    retraining: (rate) => one(task.retraining(rate)),
    rates: task.rates.slice(0, 1),
    otherBlocks: [],
  };
}

/** Makes a pruned network of the dense one. */
type Method = (dense: Graph, options: PruneOptions, context: CellContext) => Promise<Graph>;

/** A method that trains. */
type TrainingMethod = (
  trainer: TaskTrainer,
  batches: ReturnType<TaskTrainer['batches']>,
  options: TrainingPruneOptions,
) => Promise<TrainedPruning>;

function cellsOfSeed(task: ClassificationTask, load: () => TaskData, seed: number): AccuracyCell[] {
  const { revision, batchNorm, exclude, taught } = task;
  const bcr = bcrPattern(task.block);
  const dense = denseCell(task, load, seed);
  const pruned = (
    name: string,
    { name: pattern, options }: PatternChoice,
    rate: number,
    settings: unknown,
    method: (recipe: string) => Method,
  ): AccuracyCell => {
    const layerRates = task.layerRates?.[rate];
    const recipe = JSON.stringify({
      dense: dense.recipe,
      revision,
      exclude,
      ...options,
      layerRates,
      settings,
    });
    return {
      key: { task: task.name, method: name, pattern, rate, seed },
      recipe,
      dense,
      run: async (context) => {
        const { graph } = await context.resultOf(dense);
        const rates = { ...options, ...inputs, rate: layerRates ?? rate, exclude };
        return judged(await method(recipe)(graph, rates, context), load());
      },
    };
  };
  const trained = (
    name: string,
    pattern: PatternChoice,
    rate: number,
    settings: unknown,
    train: TrainingMethod,
  ) => {
    const retraining = task.retraining(rate);
    const settled = batchNorm.length > 0 && { settled: settlingExamples / task.batchSize };
    return pruned(name, pattern, rate, { taught, ...settled, settings, retraining }, (recipe) => {
      return async (graph, options, context) => {
        const checkpoint = checkpointFile(context.folder, recipe);
        const trainer = await makeTrainer(task, graph, taught ? graph : undefined);
        // Batch norm is folded into the dense model: without it, retraining ends lower.
        if (settled) await trainer.settleBatchNorm(trainer.batches(load().train, seed), settlingExamples);
        const found = await train(trainer, trainer.batches(load().train, seed + 1000), {
          ...options,
          ...pattern.options,
          ...resumable(context, checkpoint),
          retraining: { ...retraining, learningRate: cosineRate(retraining.learningRate) },
        });
        checkpoint.remove();
        return found.graph;
      };
    });
  };
  const admm = (pattern: PatternChoice, rate: number): AccuracyCell => {
    const { epochs, learningRate, ...choices } = task.admm;
    return trained('admm', pattern, rate, task.admm, (trainer, batches, options) =>
      pruneByAdmm(trainer, batches, { ...options, ...choices, training: { epochs, learningRate } }),
    );
  };
  return [
    dense,
    ...task.rates.flatMap((rate) => [
      pruned(
        'magnitude',
        bcr,
        rate,
        [],
        () => (graph, options) => Promise.resolve(pruneByMagnitude(graph, options).graph),
      ),
      pruned('reconstruct', bcr, rate, [], () => async (graph, options) => {
        const createEvaluator = compiledEvaluators(graph.name);
        const examples = calibrationOf(graph, load().train);
        return (await pruneByReconstruction(graph, examples, { ...options, createEvaluator })).graph;
      }),
      admm(bcr, rate),
      trained('reweighted', bcr, rate, task.reweighted, (trainer, batches, options) =>
        pruneByReweighting(trainer, batches, { ...options, training: task.reweighted }),
      ),
      trained('gradual', bcr, rate, task.gradual, (trainer, batches, options) =>
        pruneGradually(trainer, batches, { ...options, training: task.gradual }),
      ),
      admm(unstructured, rate),
      admm(wholeColumns, rate),
    ]),
    ...(seed === task.seeds[0]
      ? task.otherBlocks.map((block) => admm(bcrPattern(block), task.rates[0] ?? 1))
      : []),
  ];
}

/** Inputs that do least may be cut off. */
const inputs = { keepEveryColumn: false } as const;

/** Examples that statistics of batch norm come from. */
const settlingExamples = 2000;

function denseCell(task: ClassificationTask, load: () => TaskData, seed: number): AccuracyCell {
  const { name, revision, batchSize, batchNorm, dense } = task;
  const recipe = JSON.stringify({ revision, batchSize, batchNorm, dense });
  return {
    key: { task: name, method: 'dense', pattern: 'dense', rate: 1, seed },
    recipe,
    run: async ({ folder, progress }) => {
      const trainer = await makeTrainer(task, task.graph(seededRandom(seed)));
      const checkpoint = checkpointFile(folder, recipe);
      await trainEpochs(trainer, trainer.batches(load().train, seed), {
        epochs: dense.epochs,
        learningRate: cosineRate(dense.learningRate),
        checkpoint,
        progress,
      });
      checkpoint.remove();
      return judged(trainer.graph(), load());
    },
  };
}

/** Blocks of a matrix compete for what is kept. */
function bcrPattern(block: BlockSize): PatternChoice {
  return {
    name: `bcr ${block.rows}x${block.columns}`,
    options: { block, split: 'both', budget: 'global' },
  };
}

const unstructured: PatternChoice = {
  name: 'unstructured',
  options: { pattern: 'unstructured', block: { rows: 1, columns: 1 } },
};

/** Blocks as large as the matrix: clipped to it, or to one gate of a recurrent layer. */
const wholeColumns: PatternChoice = {
  name: 'columns',
  options: { block: { rows: Number.MAX_SAFE_INTEGER, columns: Number.MAX_SAFE_INTEGER }, split: 'columns' },
};

async function judged(graph: Graph, { test }: TaskData): Promise<CellResult> {
  return { graph, score: await classificationAccuracy(graph, test) };
}
