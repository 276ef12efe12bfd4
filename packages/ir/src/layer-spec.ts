/** How the weight matrix of one layer was pruned: its blocks and the rates asked for (paper, section III). */
export interface BcrSpec {
  /** Rows of one block; the last block row may be shorter. */
  readonly blockRows: number;
  /** Columns of one block; the last block column may be narrower. */
  readonly blockColumns: number;
  /** Requested pruning rate: elements of the matrix divided by elements kept. 1 keeps everything. */
  readonly rate: number;
}

/** A schedule as stored: the family's own typed record, written as plain numbers, strings and booleans. */
export type ScheduleRecord = Readonly<Record<string, number | string | boolean>>;

/** The layerwise representation of one weight operand of a node. */
export interface WeightSpec {
  /** Position of the weight among the node's inputs. */
  readonly input: number;
  /** Absent when the weight is dense. The mask itself is the pattern of zeros in the stored weight. */
  readonly bcr?: BcrSpec;
  /** Absent when the default rule of the kernel family decides. */
  readonly schedule?: ScheduleRecord;
}
