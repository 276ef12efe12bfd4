/** A row of the suite: one model, or the mean over the seeds of models that differ in nothing else. */
export interface AccuracyRow {
  readonly kind: 'model' | 'mean';
  readonly task: string;
  readonly method: string;
  readonly pattern: string;
  readonly rate: number;
  /** Null for a mean. */
  readonly seed: number | null;
  /** Models in a mean; 1 for one model. */
  readonly seeds: number;
  /** What `score` is of. */
  readonly metric: string;
  readonly score: number;
  /** Score of the dense model that it was pruned from; its own for a dense one. */
  readonly dense_score: number;
  /** Largest less smallest score; null for one model. */
  readonly spread: number | null;
  /** Bytes of the compiled file, and those of the dense model. */
  readonly bytes: number;
  readonly dense_bytes: number;
  /** Microseconds of a run of the model, and of the dense one, measured by turns. */
  readonly p50_us: number;
  readonly dense_p50_us: number;
  readonly speed_up: number;
  /** Seconds that it took to make and judge, beside the others that were made at once. */
  readonly seconds: number;
  /** Everything that decides the score; null for a mean. */
  readonly recipe: string | null;
}
