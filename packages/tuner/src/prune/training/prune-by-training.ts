import { GrimError, type Graph, type Tensor } from '@grim/ir';
import {
  matchesGlob,
  pruneByAdmm,
  pruneByReweighting,
  pruneGradually,
  type CalibrationSequence,
  type PrunedGraph,
  type TraceEntry,
  type TrainingPruneOptions,
  type WeightReport,
} from '@grim/prune';
import type { Batch, GraphTrainer } from '@grim/training';
import type { ProgressListener } from '../../progress.ts';
import { prunerOptions, type PruneSettings } from '../prune-settings.ts';
import { distillationObjective } from './distillation-objective.ts';
import { labelObjective } from './label-objective.ts';
import type { Objective, Score } from './objective.ts';
import type { Checkpoint } from './open-checkpoint.ts';
import { runOrigin } from './run-origin.ts';
import { shuffledNumbers, trainingExamples, type TrainingExamples } from './training-examples.ts';
import { resolveTraining, type TrainingSettings } from './training-settings.ts';

/** How a network was trained while it was pruned, and what that is worth. */
export interface TrainingSummary {
  /** What it was trained to do: say the labels, or what the dense network says. */
  readonly objective: Objective['kind'];
  /** Examples it was trained on. */
  readonly examples: number;
  /** Examples held out, which both networks were judged by. */
  readonly validationExamples: number;
  readonly epochs: number;
  readonly learningRate: number;
  readonly batchSize: number;
  readonly seed: number;
  /** Patterns of the layers that had batch norm back meanwhile. */
  readonly batchNorm: readonly string[];
  readonly dense: Score;
  readonly pruned: Score;
  /** Steps that an earlier run had done, whose checkpoint this one went on from; `null` where there was none. */
  readonly resumedFrom: number | null;
  readonly trace: readonly TraceEntry[];
}

/** How a run is watched, stopped and taken up again. */
export interface TrainingRun {
  readonly onProgress?: ProgressListener;
  /** Stops between two steps, after a last checkpoint; its reason is thrown. */
  readonly signal?: AbortSignal;
  readonly checkpoint?: Checkpoint;
}

/** Share of the epochs in which weights are drawn to the pattern; in the others what is left is retrained. */
const drawnShare = 0.6;

/**
 * Prunes a graph by a method that trains it, on runs as examples. jax-js is loaded here and not before.
 *
 * @throws GrimError when the model cannot be trained, examples or labels do not fit it, or the checkpoint is of another run.
 */
export async function pruneByTraining(
  graph: Graph,
  settings: PruneSettings,
  sequences: readonly CalibrationSequence[],
  training: TrainingSettings,
  { onProgress, signal, checkpoint }: TrainingRun = {},
): Promise<PrunedGraph & { readonly summary: TrainingSummary }> {
  const resolved = resolveTraining(training);
  const { epochs, learningRate, batchSize, seed, validationShare, batchNorm } = resolved;
  checkBatchNorm(graph, batchNorm);
  const { createBatches, createTrainer, crossEntropy, gatherExamples } = await import('@grim/training');
  const all = trainingExamples(graph, sequences);
  // Before anything is trained or compiled, which takes long.
  const following = checkpoint?.follow(
    await runOrigin({ graph, examples: all, labels: training.labels, settings, training: resolved }),
  );
  const order = shuffledNumbers(all.count, seed);
  const held = Math.max(1, Math.round(all.count * validationShare));
  const [validation, trained] = [order.slice(0, held), order.slice(held)];
  if (trained.length === 0) throw new GrimError(`${all.count} example(s) are too few to train on`);
  const part = (numbers: readonly number[]): TrainingExamples['inputs'] =>
    Object.fromEntries(
      Object.entries(all.inputs).map(([name, tensor]): [string, Tensor] => [
        name,
        { shape: [numbers.length, ...tensor.shape.slice(1)], data: gatherExamples(tensor, numbers, 0) },
      ]),
    );

  const batch = { size: Math.min(batchSize, trained.length), axes: all.axes };
  const denseOutputs = await (
    await createTrainer<null>(graph, { batch, loss: () => ({ loss: 0, derivatives: new Map() }) })
  ).predict(all.inputs);
  const objective =
    training.labels === undefined
      ? distillationObjective(graph, denseOutputs, gatherExamples)
      : await labelObjective(graph, training.labels, all.count, crossEntropy);
  const trainer = await createTrainer(graph, { batch, loss: objective.loss, batchNorm });
  const batches = createBatches(
    { inputs: part(trained), target: (chosen) => chosen.map((example) => trained[example] ?? 0) },
    { batch, seed },
  );
  if (batchNorm.length > 0) await trainer.settleBatchNorm(batches);
  const judge = async (): Promise<Score> =>
    objective.score(await trainer.predict(part(validation)), validation);
  const dense = await judge();
  const drawn = Math.ceil(epochs * drawnShare);
  let steps = 0;
  const {
    graph: pruned,
    report,
    trace,
  } = await methodOf(settings.method)(trainer, batches, {
    ...prunerOptions(settings),
    training: { epochs: drawn, learningRate },
    retraining: { epochs: epochs - drawn, learningRate: (fraction) => learningRate * (1 - fraction) },
    ...following,
    ...(signal && { signal }),
    onProgress: ({ phase, step, steps: total, loss }) => {
      steps++;
      onProgress?.({ stage: `${phase}, loss ${loss.toPrecision(3)}`, done: step, total });
    },
  });
  return {
    graph: pruned,
    report: { ...report, weights: report.weights.filter(isInBlocks) },
    summary: {
      objective: objective.kind,
      examples: trained.length,
      validationExamples: validation.length,
      epochs,
      learningRate,
      batchSize: batch.size,
      seed,
      batchNorm,
      dense,
      pruned: await judge(),
      resumedFrom: following?.resume ? epochs * batches.batchesPerEpoch - steps : null,
      trace,
    },
  };
}

/** The trainer would refuse these too, but only after the dense network has run on all examples. */
function checkBatchNorm({ nodes }: Graph, patterns: readonly string[]): void {
  const layers = nodes.filter(({ op }) => op.kind === 'conv' || op.kind === 'linear');
  const unmatched = patterns.find((pattern) => !layers.some(({ name }) => matchesGlob(pattern, name)));
  if (unmatched === undefined) return;
  throw new GrimError(`--batch-norm "${unmatched}" matches no convolution or linear layer`);
}

type Options = TrainingPruneOptions & { readonly training: TrainingPruneOptions['retraining'] };

function methodOf(
  method: PruneSettings['method'],
): (
  trainer: GraphTrainer<readonly number[]>,
  batches: Parameters<typeof pruneByAdmm<Batch<readonly number[]>>>[1],
  options: Options,
) => ReturnType<typeof pruneByAdmm> {
  if (method === 'admm') return pruneByAdmm;
  return method === 'reweighted' ? pruneByReweighting : pruneGradually;
}

/** Methods are asked for blocks, so all reports are of that kind. */
function isInBlocks(report: { readonly outcome: string }): report is WeightReport {
  return report.outcome !== 'unstructured';
}
