import { webAssemblyFeatures } from '../../measuring/web-assembly-features.ts';
import { compileRelaxed } from './compile-relaxed.ts';
import { csrConvolution, csrProduct } from './csr-side.ts';
import { grimSide, type GrimOptions } from './grim-side.ts';
import type { Layer } from './layer.ts';
import { onnxruntimeNodeSide, onnxruntimeWebSide } from './onnxruntime-side.ts';
import type { PreparedSide } from './prepared-side.ts';
import { isPrunable, pruneWeights, rowsAndColumns, type Pruning } from './pruning.ts';
import { quickest } from './quickest.ts';
import { threadsSide } from './threads-side.ts';

/** One way to compute a layer: a row of the results. */
export interface LayerSide {
  /** In tables. */
  readonly title: string;
  /** Side with the same zeros in compressed sparse rows. */
  readonly csr?: string;
  /** Side that must compute the same values. */
  readonly agreesWith?: string;
  /** The same model on one thread. */
  readonly oneThread?: string;
  /** Whether the runtime runs it as a model, timed beside other models only. */
  readonly isModel?: true;
  /** Whether its peak is that of multiply-adds that may be rounded once. */
  readonly isRelaxed?: true;
  /** Makes the side for a layer; `undefined` where it does not apply. */
  readonly prepare: (layer: Layer) => Promise<PreparedSide | undefined> | undefined;
}

/** The same in narrower blocks, for products with a vector. */
const narrow: Pruning = { blockRows: 32, blockColumns: 64, rowRate: 2, columnRate: 5 };

/** Whole columns of blocks only. */
const columns: Pruning = { blockRows: 8, blockColumns: 32, rowRate: 1, columnRate: 8 };

const pruned = (
  layer: Layer,
  pruning: Pruning | undefined,
  options?: GrimOptions,
): Promise<PreparedSide> | undefined => {
  if (!pruning || !isPrunable(layer)) return undefined;
  return grimSide(layer, pruneWeights(layer, pruning), options);
};

/** Sums per row of the loop that every textbook has, and of loops in which additions wait less for each other. */
const plainLoop = [1] as const;
const unrolledLoops = [2, 4] as const;

const csr = (
  layer: Layer,
  pruning: Pruning,
  sums: readonly (1 | 2 | 4)[],
): Promise<PreparedSide> | undefined => {
  const { kind } = layer.shape;
  if (kind === 'gru' || !isPrunable(layer)) return undefined;
  const weights = pruneWeights(layer, pruning);
  if (kind === 'conv') return sums === plainLoop ? csrConvolution(layer, weights) : undefined;
  return Promise.all(sums.map((accumulators) => csrProduct(layer, weights, { accumulators }))).then(quickest);
};

const onThreads = (layer: Layer, threads: 1 | 2): ReturnType<LayerSide['prepare']> =>
  isPrunable(layer) ? threadsSide(layer, pruneWeights(layer, rowsAndColumns.conv), threads) : undefined;

/** Every side by the key that joins rows and tables; a new one needs nothing but its row here. */
export const layerSides = {
  dense: { title: 'GRIM dense', agreesWith: 'node', prepare: (layer) => grimSide(layer) },
  pruned: {
    title: 'GRIM pruned, rows and columns',
    csr: 'csr',
    agreesWith: 'csr',
    prepare: (layer) => pruned(layer, rowsAndColumns[layer.shape.kind]),
  },
  columns: {
    title: 'GRIM pruned, columns',
    prepare: (layer) => pruned(layer, layer.shape.kind === 'conv' ? columns : undefined),
  },
  narrow: {
    title: 'GRIM pruned, narrow blocks',
    csr: 'csr_narrow',
    agreesWith: 'csr_narrow',
    prepare: (layer) => pruned(layer, layer.shape.kind === 'linear' ? narrow : undefined),
  },
  relaxed: {
    title: 'GRIM pruned, relaxed SIMD',
    agreesWith: 'pruned',
    isRelaxed: true,
    prepare: (layer) =>
      webAssemblyFeatures().relaxedSimd
        ? pruned(layer, rowsAndColumns[layer.shape.kind], { compile: compileRelaxed })
        : undefined,
  },
  one_thread: {
    title: 'GRIM pruned, as a model',
    isModel: true,
    prepare: (layer) => onThreads(layer, 1),
  },
  two_threads: {
    title: 'GRIM pruned, as a model on two threads',
    isModel: true,
    agreesWith: 'one_thread',
    oneThread: 'one_thread',
    prepare: (layer) => onThreads(layer, 2),
  },
  csr: {
    title: 'CSR',
    prepare: (layer) => csr(layer, rowsAndColumns[layer.shape.kind], plainLoop),
  },
  csr_unrolled: {
    title: 'CSR, unrolled',
    agreesWith: 'csr',
    prepare: (layer) => csr(layer, rowsAndColumns[layer.shape.kind], unrolledLoops),
  },
  csr_narrow: {
    title: 'CSR, narrow blocks',
    prepare: (layer) => (layer.shape.kind === 'linear' ? csr(layer, narrow, plainLoop) : undefined),
  },
  web: { title: 'onnxruntime-web', agreesWith: 'node', prepare: onnxruntimeWebSide },
  node: { title: 'onnxruntime-node', prepare: onnxruntimeNodeSide },
} as const satisfies Readonly<Record<string, LayerSide>>;

/** Key of a side. */
export type LayerSideKey = keyof typeof layerSides;

/** The keys of all sides, in the order of the rows. */
export const layerSideKeys = Object.keys(layerSides) as LayerSideKey[];
