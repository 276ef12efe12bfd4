import { GrimError } from '@grim/ir';
import { isTraining, type PruneMethod } from '../prune-settings.ts';

/** How methods that train do it. */
export interface TrainingSettings {
  /** Path of an `.npy` file with the class of each example; without it the network learns what the dense one says. */
  readonly labels?: string | undefined;
  /** Times that training goes through the examples, retraining among them (default 10). */
  readonly epochs?: number | undefined;
  /** Learning rate of Adam (default 0.001). */
  readonly learningRate?: number | undefined;
  /** Examples of a step (default 32). */
  readonly batchSize?: number | undefined;
  /** Any integer; equal seeds give equal results (default 1). */
  readonly seed?: number | undefined;
  /** Share of the examples that is not trained on, to judge the result (default 0.1). */
  readonly validationShare?: number | undefined;
  /**
   * Patterns of convolutions and linear layers that get their batch norm back while they are trained: exported models have it folded into
   * weights. It is folded again in the end.
   */
  readonly batchNorm?: readonly string[] | undefined;
  /**
   * Path of a file that holds the state of the run after each epoch. Where it is there, the run goes on from it to the result that it would
   * have had, bit by bit; when the run is over, it is removed.
   */
  readonly checkpoint?: string | undefined;
}

/** The same with defaults filled in. */
export type ResolvedTraining = {
  readonly [Setting in keyof Omit<TrainingSettings, 'checkpoint' | 'labels'>]-?: NonNullable<
    TrainingSettings[Setting]
  >;
};

/** The settings of training among others. */
export function trainingSettingsOf({
  labels,
  epochs,
  learningRate,
  batchSize,
  seed,
  validationShare,
  batchNorm,
  checkpoint,
}: TrainingSettings): TrainingSettings {
  return { labels, epochs, learningRate, batchSize, seed, validationShare, batchNorm, checkpoint };
}

/**
 * Fills in defaults.
 *
 * @throws GrimError naming the option that makes no sense.
 */
export function resolveTraining(settings: TrainingSettings): ResolvedTraining {
  const { epochs = 10, learningRate = 0.001, batchSize = 32, seed = 1, validationShare = 0.1 } = settings;
  const { batchNorm = [] } = settings;
  for (const [option, value] of Object.entries({ '--epochs': epochs, '--batch-size': batchSize })) {
    if (!Number.isSafeInteger(value) || value < 1) {
      throw new GrimError(`${option} must be a whole number of 1 or more, got ${value}`);
    }
  }
  if (!Number.isSafeInteger(seed)) throw new GrimError(`--seed must be a whole number, got ${seed}`);
  if (!(Number.isFinite(learningRate) && learningRate > 0)) {
    throw new GrimError(`--learning-rate must be a finite number above 0, got ${learningRate}`);
  }
  if (!(validationShare > 0 && validationShare < 1)) {
    throw new GrimError(`--validation-share must be above 0 and below 1, got ${validationShare}`);
  }
  return { epochs, learningRate, batchSize, seed, validationShare, batchNorm };
}

/** Refuses settings of training where nothing is trained. */
export function checkTraining(method: PruneMethod, settings: TrainingSettings): void {
  if (isTraining(method)) {
    resolveTraining(settings);
    return;
  }
  if (Object.values(settings).every((value) => value === undefined)) return;
  throw new GrimError(
    '--labels, --epochs, --learning-rate, --batch-size, --seed, --validation-share, --batch-norm and --checkpoint are for --method admm, reweighted and gradual',
  );
}
