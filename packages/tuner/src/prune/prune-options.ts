import type { ImportSettings } from '../model/import-settings.ts';
import type { CalibrationFiles } from './read-calibration.ts';
import type { OpenPruneSettings } from './search-pruning.ts';
import type { TrainingSettings } from './training/training-settings.ts';

/** What is pruned, how, and where the result goes. */
export interface PruneOptions
  extends ImportSettings, OpenPruneSettings, Partial<CalibrationFiles>, TrainingSettings {
  /** Path of an `.onnx` file, or of a `.grim` file with a graph. */
  readonly model: string;
  /** Path of the `.grim` file to write. */
  readonly output: string;
}
