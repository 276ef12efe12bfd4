import type { Command } from 'commander';
import type { TrainingSettings } from '../../prune/training/training-settings.ts';
import { integerFrom, parseNumber } from './numbers.ts';
import { addPattern } from './patterns.ts';

/** Flags of {@link withTrainingOptions} as parsed. */
export interface TrainingFlags {
  readonly labels?: string;
  readonly epochs?: number;
  readonly learningRate?: number;
  readonly batchSize?: number;
  readonly seed?: number;
  readonly validationShare?: number;
  readonly batchNorm?: readonly string[];
  readonly checkpoint?: string;
}

/** Adds the options of methods that train. */
export function withTrainingOptions(command: Command): Command {
  return command
    .option(
      '--labels <FILE.npy>',
      'admm, reweighted, gradual: the class of each example of --data, for a model that gives logits or a softmax; without it the network learns what the dense one says',
    )
    .option('--epochs <N>', 'times to train on all examples, default 10', integerFrom(1))
    .option(
      '--learning-rate <R>',
      'of Adam, default 0.001; it falls to 0 in the last two fifths',
      parseNumber,
    )
    .option('--batch-size <N>', 'examples of a step, default 32', integerFrom(1))
    .option('--seed <N>', 'equal seeds give equal results, default 1', integerFrom(0))
    .option(
      '--validation-share <S>',
      'share of the examples held out to judge the result, default 0.1',
      parseNumber,
    )
    .option(
      '--batch-norm <PATTERN>',
      'give convolutions and linear layers that match their batch norm back while they are trained; the model has it folded, before and after (repeatable)',
      addPattern,
    )
    .option(
      '--checkpoint <FILE>',
      'keep the state of training in FILE after each epoch, and on Ctrl-C; where FILE is there, go on from it to the same result. It is removed in the end',
    );
}

/** The settings that flags mean. */
export function trainingSettings(flags: TrainingFlags): TrainingSettings {
  const { labels, epochs, learningRate, batchSize, seed, validationShare, batchNorm, checkpoint } = flags;
  return { labels, epochs, learningRate, batchSize, seed, validationShare, batchNorm, checkpoint };
}
