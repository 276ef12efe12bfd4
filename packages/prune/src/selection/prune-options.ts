import type { MagnitudeOptions } from '@grim/bcr';
import type { PerLayer } from './per-layer.ts';

/** Extents of the blocks that a weight matrix is cut into. */
export interface BlockSize {
  /** Rows of one block; for recurrent layers a divisor of the hidden size, so that no block spans two gates. */
  readonly rows: number;
  /** Columns of one block. */
  readonly columns: number;
}

/** What is pruned and how far, whatever the method. */
export interface PruneOptions extends Pick<
  MagnitudeOptions,
  'budget' | 'columnQuantum' | 'keepEveryColumn' | 'keepEveryRow' | 'rowQuantum'
> {
  /**
   * Elements divided by elements kept. Layers that no pattern matches stay dense. Patterns may also name one gate of a recurrent
   * matrix, as `layer:r:reset`: `input`, `output`, `forget`, `cell` of an LSTM, `update`, `reset`, `hidden` of a GRU.
   */
  readonly rate: PerLayer<number>;
  /** The blocks. Larger ones than a matrix or a gate are clipped to it, and the report says so. */
  readonly block: PerLayer<BlockSize>;
  /** What is pruned in a block (default `columns`, see `MagnitudeOptions`). */
  readonly split?: PerLayer<NonNullable<MagnitudeOptions['split']>>;
  /** Patterns of the only layers to prune; all when absent. */
  readonly layers?: readonly string[];
  /** Patterns of layers to leave dense. */
  readonly exclude?: readonly string[];
  /** Weights with fewer elements stay dense (default 0). */
  readonly minimumParameters?: number;
  /** Keep the diagonal of recurrent matrices, gate by gate (default false). */
  readonly keepDiagonal?: boolean;
}
