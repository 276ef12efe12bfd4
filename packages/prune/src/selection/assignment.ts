import { fitGrid, type BlockGrid, type MagnitudeOptions } from '@grim/bcr';
import { GrimError } from '@grim/ir';
import { checkOrder, checkPatterns, patternsOf, valueFor, type PerLayer } from './per-layer.ts';
import { patternMeans, weightName, type WeightUse } from './weight-use.ts';
import type { BlockSize, PruneOptions } from './prune-options.ts';
import { refuseAs } from './refuse-as.ts';

type Split = NonNullable<MagnitudeOptions['split']>;

/** Everything that decides how one weight is pruned. */
export interface Assignment {
  /** The blocks asked for. */
  readonly requestedBlock: BlockSize;
  /** The blocks as used, clipped to the matrix and to one gate. */
  readonly grid: BlockGrid;
  readonly projection: MagnitudeOptions;
  /** Rates of the gates from top to bottom, where they differ; `projection.rate` is that of the whole matrix then. */
  readonly gateRates?: readonly number[];
}

/** Refuses patterns of any option that match no layer or whose order is not known, and a number of parameters that is none. */
export function checkSelection(options: PruneOptions, uses: readonly WeightUse[]): void {
  const rate = patternsOf(options.rate, isNumber);
  const block = patternsOf(options.block, isBlockSize);
  const split = patternsOf(options.split ?? 'columns', isSplit);
  checkPatterns('rate', rate, uses, 'gates');
  checkPatterns('block', block, uses);
  checkPatterns('split', split, uses);
  for (const [option, patterns] of Object.entries({ rate, block, split })) checkOrder(option, patterns);
  checkPatterns('layers', options.layers ?? [], uses);
  checkPatterns('exclude', options.exclude ?? [], uses);
  const { minimumParameters = 0 } = options;
  if (!(minimumParameters >= 0)) {
    throw new GrimError(`minimumParameters must be a number of 0 or more, got ${minimumParameters}`);
  }
}

/** How a weight is to be pruned, or the reason why it stays dense. */
export function assignmentFor(use: WeightUse, options: PruneOptions): Assignment | string {
  return reasonToSkip(use, options) ?? assign(use, options);
}

/** Why the operator or the options leave a weight out; `undefined` when they do not. */
function reasonToSkip(use: WeightUse, options: PruneOptions): string | undefined {
  if (use.unprunable !== undefined) return use.unprunable;
  const excluding = options.exclude?.find((pattern) => patternMeans(pattern, use));
  if (excluding !== undefined) return `excluded by "${excluding}"`;
  if (options.layers && !options.layers.some((pattern) => patternMeans(pattern, use)))
    return 'not among the layers to prune';
  const elements = use.rows * use.columns;
  const minimum = options.minimumParameters ?? 0;
  return elements < minimum ? `${elements} parameters, fewer than ${minimum}` : undefined;
}

/** How a weight is to be pruned, or why it stays dense. */
function assign(use: WeightUse, options: PruneOptions): Assignment | string {
  const layer = weightName(use);
  const gateRates = ratesOf(use, options);
  if (!gateRates) return 'no rate is given for it';
  for (const each of gateRates) {
    if (!Number.isFinite(each) || each < 1) {
      throw new GrimError(`the pruning rate must be a finite number of 1 or more, got ${each}`, { layer });
    }
  }
  const rates = new Set(gateRates);
  const [first = 1] = gateRates;
  // Gates have equally many rows, so what is kept of the matrix is the mean of what is kept of the gates.
  const rate =
    rates.size === 1 ? first : gateRates.length / gateRates.reduce((sum, each) => sum + 1 / each, 0);
  if (rate === 1) return 'rate 1';
  const block = valueFor(options.block, isBlockSize, use);
  if (!block) throw new GrimError('is to be pruned, but no block pattern matches it', { layer });
  const { budget, columnQuantum, rowQuantum, keepEveryRow, keepEveryColumn, keepDiagonal } = options;
  return {
    requestedBlock: block,
    grid: gridFor(use, block),
    projection: {
      rate,
      split: valueFor(options.split ?? 'columns', isSplit, use) ?? 'columns',
      keepDiagonal: use.recurrent && keepDiagonal === true,
      ...(budget !== undefined && { budget }),
      ...(columnQuantum !== undefined && { columnQuantum }),
      ...(rowQuantum !== undefined && { rowQuantum }),
      ...(keepEveryRow !== undefined && { keepEveryRow }),
      ...(keepEveryColumn !== undefined && { keepEveryColumn }),
    },
    ...(rates.size > 1 && { gateRates }),
  };
}

/** The rate of each gate, or of the matrix when it has none; gates without a rate stay whole. */
function ratesOf(use: WeightUse, options: PruneOptions): number[] | undefined {
  const gates = use.gates.length > 0 ? use.gates : [undefined];
  const rates = gates.map((gate) => valueFor(options.rate, isNumber, use, gate));
  return rates.every((rate) => rate === undefined) ? undefined : rates.map((rate) => rate ?? 1);
}

/** Blocks clipped to the matrix and to one gate. */
function gridFor(use: WeightUse, block: BlockSize): BlockGrid {
  const layer = weightName(use);
  const blockRows = Math.min(block.rows, use.rowsPerGate);
  const grid = refuseAs(layer, () =>
    fitGrid(use.rows, use.columns, { blockRows, blockColumns: block.columns }),
  );
  if (use.rowsPerGate < use.rows && use.rowsPerGate % grid.blockRows !== 0) {
    throw new GrimError(
      `blocks of ${block.rows} rows would span two gates of ${use.rowsPerGate} rows; use a divisor of ${use.rowsPerGate}`,
      { layer },
    );
  }
  return { blockRows: grid.blockRows, blockColumns: grid.blockColumns };
}

function isNumber(option: PerLayer<number>): option is number {
  return typeof option === 'number';
}

function isBlockSize(option: PerLayer<BlockSize>): option is BlockSize {
  return typeof option.rows === 'number';
}

function isSplit(option: PerLayer<Split>): option is Split {
  return typeof option === 'string';
}
