/** How far a stage of a command is. */
export interface Progress {
  /** What is being done, e.g. `compiling`. */
  readonly stage: string;
  /** Steps done. */
  readonly done: number;
  /** Steps in this stage. */
  readonly total: number;
}

/** Told about progress now and then. */
export type ProgressListener = (progress: Progress) => void;
