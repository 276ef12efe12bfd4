import { applyMask, projectMagnitude } from '@grim/bcr';
import type { Layer, LayerWeight } from './layer.ts';

/** How a layer is pruned: blocks, and what of each block is left. */
export interface Pruning {
  readonly blockRows: number;
  readonly blockColumns: number;
  /** Rows of a block divided by rows kept. */
  readonly rowRate: number;
  /** Columns of a block divided by columns kept. */
  readonly columnRate: number;
}

/** How each kind of layer is pruned when rows and columns are. */
export const rowsAndColumns = {
  conv: { blockRows: 8, blockColumns: 32, rowRate: 2, columnRate: 4 },
  linear: { blockRows: 32, blockColumns: 256, rowRate: 2, columnRate: 5 },
  gru: { blockRows: 32, blockColumns: 256, rowRate: 2, columnRate: 5 },
} as const satisfies Record<Layer['shape']['kind'], Pruning>;

/** Weights of fewer columns stay dense: hardly any of so few could go. */
const LEAST_COLUMNS = 64;

const isWide = ({ matrix }: LayerWeight): boolean => matrix.columns >= LEAST_COLUMNS;

/** Whether the layer has weights that would be pruned. */
export function isPrunable({ shape, weights }: Layer): boolean {
  const grouped = shape.kind === 'conv' && (shape.groups ?? 1) > 1;
  return !grouped && weights.some(isWide);
}

/** The weights of a layer, with zeros where they are pruned by magnitude. */
export function pruneWeights({ weights }: Layer, pruning: Pruning): LayerWeight[] {
  const { rowRate, columnRate } = pruning;
  const rate = rowRate * columnRate;
  return weights.map((weight) => {
    if (!isWide(weight)) return weight;
    // Every row is kept in some block, so there have to be two side by side when half of the rows of each go.
    const blockColumns = Math.min(pruning.blockColumns, Math.ceil(weight.matrix.columns / 2));
    const grid = { blockRows: pruning.blockRows, blockColumns };
    const mask = projectMagnitude(weight.matrix, grid, { rate, rowRate, columnRate, split: 'both' });
    return { ...weight, matrix: applyMask(weight.matrix, mask), blocks: { ...grid, rate } };
  });
}
