import type { ImportSettings } from '../model/import-settings.ts';

/** What every target is told. */
export interface CommonCompileOptions extends ImportSettings {
  /** Path of an `.onnx` file, or of a `.grim` file with a graph. */
  readonly model: string;
  /** Where the result goes. */
  readonly output: string;
}
