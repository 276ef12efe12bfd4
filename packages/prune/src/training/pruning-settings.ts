import { learningRateSetting, type Settings } from './state-of-run.ts';
import type { TrainingPhase, TrainingPruneOptions } from './training-options.ts';

/** What checkpoints of all methods have to agree with. */
export function pruningSettings(options: TrainingPruneOptions): Settings {
  const { pattern = 'bcr', rate, block, split, layers, exclude, minimumParameters, keepDiagonal } = options;
  const { budget, columnQuantum, rowQuantum, keepEveryRow, keepEveryColumn, retraining } = options;
  return given({
    pattern,
    rate,
    block,
    split,
    layers,
    exclude,
    minimumParameters,
    keepDiagonal,
    budget,
    columnQuantum,
    rowQuantum,
    keepEveryRow,
    keepEveryColumn,
    retraining: phaseSetting(retraining, 'retraining'),
  });
}

/** A phase as settings have it. */
export function phaseSetting({ epochs, learningRate }: TrainingPhase, name: string): Settings {
  return { epochs, learningRate: learningRateSetting(learningRate, name) };
}

function given(settings: Settings): Settings {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
}
