/** Batches to train on, epoch by epoch. */
export interface TrainingBatches<Batch> {
  /** Steps that one epoch has. */
  readonly batchesPerEpoch: number;
  /**
   * The batches of an epoch, at least `batchesPerEpoch` of them. The same index gives the same batches in the same order each time,
   * so that a run can be resumed; draw the order of an epoch from its index.
   *
   * @param index - Epochs before this one, over all phases.
   */
  readonly epoch: (index: number) => AsyncIterable<Batch> | Iterable<Batch>;
}
