import type { Graph } from '@grim/ir';
import { pruneByAdmm, type RunOptions } from '@grim/prune';
import { adam, cosineRate, createTrainer, ctc, type CtcTarget, type GraphTrainer } from '@grim/training';
import { checkpointFile } from '../cells/checkpoint-file.ts';
import { resumable } from '../cells/resumable.ts';
import { seededRandom } from '../cells/seeded-random.ts';
import { trainEpochs } from '../cells/train-epochs.ts';
import { present } from '../cells/summarise-grid.ts';
import { missingFilletsSpeech, readFilletsSpeech } from '../datasets/fillets-speech.ts';
import type { AccuracyCell, AccuracyTask, CellResult, ScoredCell } from '../task.ts';
import { phoneBatches } from './phone-batches.ts';
import { phoneClasses } from './phone-classes.ts';
import { phoneErrors } from './phone-errors.ts';
import { phoneGraph } from './phone-graph.ts';
import { phoneSequences, type PhoneSequence } from './phone-sequences.ts';
import { asStreaming, overSteps } from './streaming.ts';

const name = 'phones';
const seed = 1;
const batch = { size: 16, axes: { frames: 1 } };

/** There are few sentences to train with. A pruned network has not the weights to learn these by heart, and does without. */
const denseDropout = { 'gru*': 0.2 };

/** Steps of a batch, 6 s. */
const steps = 200;

/** Rows and columns of a block; all rates are pruned alike. */
const block = { rows: 4, columns: 16 };
const rates = [5, 10, 20];

/** A pruned network starts from the dense one and has as many epochs as that one had. */
const recipes = {
  full: { dense: 40, admm: 12, retraining: 28, learningRate: 2e-3, revision: 2 },
  quick: { dense: 1, admm: 1, retraining: 1, learningRate: 2e-3, revision: 2 },
};

interface PhoneData {
  readonly classes: number;
  readonly train: readonly PhoneSequence[];
  readonly test: readonly PhoneSequence[];
}

let loaded: PhoneData | undefined;

function load(): PhoneData {
  if (!loaded) {
    const sentences = readFilletsSpeech();
    const classes = phoneClasses(sentences);
    loaded = { classes: classes.count, ...phoneSequences(sentences, classes) };
  }
  return loaded;
}

function trainerOf(
  graph: Graph,
  dropout: Readonly<Record<string, number>>,
): Promise<GraphTrainer<CtcTarget>> {
  return createTrainer(graph, {
    batch,
    loss: ctc(),
    optimiser: adam({ weightDecay: 1e-4 }),
    clipNorm: 5,
    dropout,
    seed,
  });
}

/** Phones of Dutch sentences by a streaming recurrent network, trained with connectionist temporal classification. */
export const phones: AccuracyTask = {
  name,
  metric: 'phone errors',
  unavailable: missingFilletsSpeech,
  cells: (quick) => {
    const recipe = quick ? recipes.quick : recipes.full;
    const dense = denseCell(recipe);
    return [
      dense,
      retrainedCell(dense, recipe),
      ...(quick ? rates.slice(0, 1) : rates).map((rate) => prunedCell(dense, rate, recipe)),
    ];
  },
  summarise: (rows) => {
    const row = (method: string, rate: number): ScoredCell | undefined =>
      rows.find((each) => each.method === method && each.rate === rate);
    const increase = (rate: number): number | undefined => {
      const pruned = row('admm', rate);
      return pruned && pruned.score - pruned.dense_score;
    };
    return present({
      phones_dense_per: row('dense', 1)?.score,
      phones_retrained_per: row('retrained', 1)?.score,
      phones_5x_per_increase: increase(5),
      phones_10x_per_increase: increase(10),
      phones_20x_per_increase: increase(20),
    });
  },
};

type Recipe = (typeof recipes)['full'];

function denseCell(settings: Recipe): AccuracyCell {
  const recipe = JSON.stringify({
    steps,
    batch,
    dropout: denseDropout,
    dense: settings.dense,
    rate: settings.learningRate,
    revision: settings.revision,
  });
  return {
    key: { task: name, method: 'dense', pattern: 'dense', rate: 1, seed },
    recipe,
    run: async ({ folder, progress }) => {
      const { classes, train } = load();
      const trainer = await trainerOf(phoneGraph(classes, steps, seededRandom(seed)), denseDropout);
      const checkpoint = checkpointFile(folder, recipe);
      await trainEpochs(trainer, phoneBatches(train, { size: batch.size, steps, seed }), {
        epochs: settings.dense,
        learningRate: cosineRate(settings.learningRate),
        checkpoint,
        progress,
      });
      checkpoint.remove();
      return judged(trainer.graph());
    },
  };
}

/** The dense network, trained on as pruned ones are: what these gain by their epochs alone. */
function retrainedCell(dense: AccuracyCell, settings: Recipe): AccuracyCell {
  const recipe = JSON.stringify({ dense: dense.recipe, retrained: settings });
  return {
    key: { task: name, method: 'retrained', pattern: 'dense', rate: 1, seed },
    recipe,
    dense,
    run: async ({ folder, progress, resultOf }) => {
      const { graph } = await resultOf(dense);
      const trainer = await trainerOf(overSteps(graph, steps), {});
      const checkpoint = checkpointFile(folder, recipe);
      const { training, retraining } = phasesAfterDense(settings);
      const epochs = training.epochs + retraining.epochs;
      const first = training.epochs / epochs;
      await trainEpochs(trainer, retrainingBatches(), {
        epochs,
        learningRate: (share) =>
          share < first ? training.learningRate : retraining.learningRate((share - first) / (1 - first)),
        checkpoint,
        progress,
      });
      checkpoint.remove();
      return judged(trainer.graph());
    },
  };
}

/** How a network is trained after the dense one: towards the pattern where it is pruned, then what is left. */
function phasesAfterDense({ admm, retraining, learningRate }: Recipe) {
  return {
    training: { epochs: admm, learningRate: learningRate / 2 },
    retraining: { epochs: retraining, learningRate: cosineRate(learningRate) },
  };
}

/** Batches of a network that is trained after the dense one. */
function retrainingBatches(): ReturnType<typeof phoneBatches> {
  return phoneBatches(load().train, { size: batch.size, steps, seed: seed + 1000 });
}

function prunedCell(dense: AccuracyCell, rate: number, settings: Recipe): AccuracyCell {
  const recipe = JSON.stringify({ dense: dense.recipe, block, settings });
  return {
    key: { task: name, method: 'admm', pattern: `bcr ${block.rows}x${block.columns}`, rate, seed },
    recipe,
    dense,
    run: async (context) => {
      const { graph } = await context.resultOf(dense);
      const trainer = await trainerOf(overSteps(graph, steps), {});
      const checkpoint = checkpointFile(context.folder, recipe);
      const run: RunOptions = resumable(context, checkpoint);
      const found = await pruneByAdmm(trainer, retrainingBatches(), {
        ...run,
        rate,
        block,
        split: 'both',
        budget: 'global',
        keepEveryColumn: false,
        exclude: ['phones'],
        ...phasesAfterDense(settings),
      });
      checkpoint.remove();
      return judged(found.graph);
    },
  };
}

async function judged(graph: Graph): Promise<CellResult> {
  const { classes, test } = load();
  const streaming = asStreaming(graph);
  return { graph: streaming, score: await phoneErrors(streaming, classes, test) };
}
