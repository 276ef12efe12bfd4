import type { ScheduleRecord } from '@grim/ir';
import { csrProduct } from '../layers/csr-side.ts';
import { grimSide } from '../layers/grim-side.ts';
import type { Layer, LayerWeight } from '../layers/layer.ts';
import type { PreparedSide } from '../layers/prepared-side.ts';

/** What makes a sparse layer fast; each can be left out. */
export type Part = 'tile' | 'sharing' | 'reorder';

/** A layer with some of the parts. */
export interface Variant {
  readonly title: string;
  /** The part that it has beyond the variant before it that adds one, or beyond the first. */
  readonly adds?: Part;
  /** The only part that it lacks. */
  readonly lacks?: Part;
  readonly prepare: (layer: Layer, weights: readonly LayerWeight[]) => Promise<PreparedSide>;
}

/** The variant that lacks nothing. */
export const complete = 'all';

/**
 * Compiled as if blocks were no higher than a group: groups are formed of rows that follow one another in the matrix,
 * not of those of a block that fit each other.
 */
function inNaturalOrder(weights: readonly LayerWeight[], groupRows: number): LayerWeight[] {
  return weights.map((weight) =>
    weight.blocks ? { ...weight, blocks: { ...weight.blocks, blockRows: groupRows } } : weight,
  );
}

const compiled =
  (schedule?: ScheduleRecord): Variant['prepare'] =>
  (layer, weights) =>
    grimSide(layer, weights, schedule ? { schedule } : {});

/** Two rows share a list of columns and the inputs it names. */
const CONVOLUTION_GROUP = 2;

const convolution: Readonly<Record<string, Variant>> = {
  none: {
    title: 'CSR: one row, one vector of pixels at a time',
    prepare: compiled({ groupRows: 1, pixelVectors: 1, tileRows: 1, blockHeight: 1 }),
  },
  tile: {
    title: '+ tile of pixels, cache blocks',
    adds: 'tile',
    lacks: 'sharing',
    prepare: compiled({ groupRows: 1 }),
  },
  sharing: {
    title: '+ rows in pairs share column lists and inputs',
    adds: 'sharing',
    lacks: 'reorder',
    prepare: (layer, weights) =>
      grimSide(layer, inNaturalOrder(weights, CONVOLUTION_GROUP), {
        schedule: { groupRows: CONVOLUTION_GROUP },
      }),
  },
  [complete]: { title: '+ matrix reorder: everything', adds: 'reorder', prepare: compiled() },
  untiled: {
    title: 'everything but the tile',
    lacks: 'tile',
    prepare: compiled({ pixelVectors: 1, tileRows: 1, blockHeight: 1 }),
  },
  padded: {
    title: 'everything, zeros stored in place of row subsets',
    prepare: compiled({ rowPruning: 'padding' }),
  },
  unblocked: {
    title: 'everything, inputs read in place',
    prepare: compiled({ panelChannels: 0, loopOrder: 'rows' }),
  },
  permuted: {
    title: 'everything, rows of the matrix in the outer loop',
    prepare: compiled({ loopOrder: 'rows' }),
  },
  fours: {
    title: 'everything, rows in groups of four',
    prepare: compiled({ groupRows: 4 }),
  },
};

/** Rows in the lanes of four vectors. */
const PRODUCT_GROUP = 16;

const product: Readonly<Record<string, Variant>> = {
  none: {
    title: 'CSR: one row, one sum at a time',
    prepare: (layer, weights) => csrProduct(layer, weights, { accumulators: 1 }),
  },
  tile: {
    title: '+ unrolled, four sums',
    adds: 'tile',
    lacks: 'sharing',
    prepare: (layer, weights) => csrProduct(layer, weights, { accumulators: 4 }),
  },
  sharing: {
    title: '+ 16 rows in lanes share column lists and inputs',
    adds: 'sharing',
    lacks: 'reorder',
    prepare: (layer, weights) =>
      grimSide(layer, inNaturalOrder(weights, PRODUCT_GROUP), { schedule: { groupRows: PRODUCT_GROUP } }),
  },
  [complete]: {
    title: '+ matrix reorder: everything',
    adds: 'reorder',
    prepare: compiled({ groupRows: PRODUCT_GROUP }),
  },
  untiled: {
    title: 'everything but unrolling: four rows, one sum',
    lacks: 'tile',
    prepare: compiled({ groupRows: 4, accumulatorSets: 1, columnUnroll: 1 }),
  },
  eights: {
    title: 'everything, groups of eight rows',
    prepare: compiled({ groupRows: 8 }),
  },
};

/** The variants of a layer by key, in the order in which parts are added; `undefined` for layers that are not taken apart. */
export function variantsOf({ shape }: Layer): Readonly<Record<string, Variant>> | undefined {
  switch (shape.kind) {
    case 'conv':
      return convolution;
    case 'linear':
      return product;
    case 'gru':
      return undefined;
  }
}
