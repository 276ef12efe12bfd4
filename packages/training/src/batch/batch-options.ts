/** How many examples a step takes, and where they are in the inputs. */
export interface BatchOptions {
  /** Examples in a batch. */
  readonly size: number;
  /** Which axis of each input counts examples, from 0; states that hold one row for each example may be named too. */
  readonly axes: Readonly<Record<string, number>>;
}
