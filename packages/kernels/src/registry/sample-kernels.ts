import { csrSpmv } from '../families/csr-spmv.ts';
import { depthwise } from '../families/depthwise.ts';
import { depthwise2d } from '../families/depthwise2d.ts';
import { elementwise } from '../families/elementwise.ts';
import { lowerKernel, type KernelFamily } from '../families/family.ts';
import { foldWindows } from '../families/fold-windows.ts';
import { gruGates } from '../families/gru-gates.ts';
import { layerNorm } from '../families/layer-norm.ts';
import { lstmGates } from '../families/lstm-gates.ts';
import { pool } from '../families/pool.ts';
import { reduce } from '../families/reduce.ts';
import { resize } from '../families/resize/resize.ts';
import { softmax } from '../families/softmax.ts';
import { spmm } from '../families/spmm/spmm.ts';
import { spmv } from '../families/spmv/spmv.ts';
import { gridKernel, type GridKernel, type GridOptions } from '../grid/grid-kernel.ts';
import type { Kernel } from '../kernel-ir/types.ts';
import { leastTarget, type KernelTarget } from '../target.ts';

const relu = { function: 'relu' } as const;
const sigmoid = { function: 'sigmoid' } as const;
const tanh = { function: 'tanh' } as const;
const spmvShape = {
  positions: 1,
  inputStep: 64,
  outputStep: 64,
  outputSlack: 0,
  addend: 'bias',
  activation: relu,
} as const;
const resizeShape = {
  lanes: 'pixels',
  channels: 3,
  height: 4,
  width: 12,
  inputHeight: 2,
  inputChannelStep: 48,
  inputRowStep: 24,
  outputChannelStep: 192,
  outputRowStep: 48,
  outputPixelStep: 4,
  outputSlack: 0,
} as const;
const spmmShape = {
  rows: 8,
  height: 6,
  width: 10,
  inputRowStep: 48,
  inputPixelStep: 4,
  outputRowStep: 40,
  outputChannelStep: 240,
  window: { channels: 3, channelStep: 384, rowStep: 48, pixelStep: 4, height: 3, width: 3 },
  bias: true,
  activation: relu,
} as const;

interface Sample {
  readonly kernel: Kernel;
  readonly grid: (options: GridOptions) => GridKernel;
}

function sample<Problem, Schedule>(
  family: KernelFamily<Problem, Schedule>,
  problem: NoInfer<Problem>,
  schedule?: NoInfer<Schedule>,
  target: KernelTarget = leastTarget,
): Sample {
  const chosen = schedule ?? family.defaultSchedule(problem, target);
  return {
    kernel: lowerKernel(family, problem, chosen, target),
    grid: (options) => gridKernel(family, problem, chosen, { ...options, target }),
  };
}

const samples: Readonly<Record<string, Sample>> = {
  'spmv dense': sample(spmv, {
    ...spmvShape,
    rows: 18,
    columns: { kind: 'runs', runs: 3, runLength: 5, runStep: 32 },
  }),
  'spmv column lists': sample(spmv, {
    ...spmvShape,
    rows: 16,
    columns: { kind: 'lists', groups: 2, listedColumns: 9, index: 'bytes16', rowOrder: 'consecutive' },
  }),
  'spmv scattered rows': sample(spmv, {
    ...spmvShape,
    rows: 9,
    columns: { kind: 'lists', groups: 3, listedColumns: 14, index: 'elements16', rowOrder: 'scattered' },
  }),
  'spmm dense': sample(spmm, { ...spmmShape, columns: { kind: 'all', columns: 27 } }),
  'spmm columns': sample(spmm, { ...spmmShape, columns: { kind: 'strips', subsets: [15] } }),
  'spmm strips': sample(spmm, { ...spmmShape, columns: { kind: 'strips', subsets: [1, 6, 15] } }),
  'spmm strips in registers': sample(
    spmm,
    { ...spmmShape, columns: { kind: 'strips', subsets: [6, 15] } },
    undefined,
    { vectorRegisters: 32, loadsPairs: true },
  ),
  'spmm panels': sample(
    spmm,
    { ...spmmShape, columns: { kind: 'strips', subsets: [1, 6, 15] } },
    {
      groupRows: 4,
      pixelVectors: 2,
      tileRows: 1,
      blockHeight: 3,
      loopOrder: 'tiles',
      panelChannels: 2,
      columnUnroll: 1,
      rowPruning: 'subsets',
      sums: 'scratch',
    },
  ),
  'csr spmv': sample(csrSpmv, { rows: 5, index: 'bytes16' }, { accumulators: 2 }),
  depthwise: sample(depthwise, {
    channels: 6,
    positions: 5,
    taps: 3,
    tapStep: 32,
    inputStep: 32,
    outputStep: 32,
    bias: true,
    outputSlack: 2,
    activation: relu,
  }),
  depthwise2d: sample(depthwise2d, {
    channels: 3,
    height: 5,
    width: 10,
    inputChannelStep: 336,
    inputRowStep: 48,
    inputPixelStep: 4,
    outputChannelStep: 200,
    outputRowStep: 40,
    kernelHeight: 3,
    kernelWidth: 3,
    tapRowStep: 48,
    tapPixelStep: 4,
    bias: true,
    activation: relu,
  }),
  foldWindows: sample(foldWindows, { size: 16, positions: 2, inputStep: 32, evenStep: 48, oddStep: 32 }),
  'lstm gates': sample(lstmGates, { hidden: 8, gateStep: 32, activations: [sigmoid, tanh, tanh] }),
  'gru gates': sample(gruGates, {
    hidden: 6,
    gateStep: 24,
    part: 'linear',
    activations: [sigmoid, tanh],
  }),
  elementwise: sample(elementwise, {
    extents: [3, 6],
    operandStrides: [
      [8, 1],
      [0, 1],
    ],
    outputStrides: [8, 1],
    expression: {
      kind: 'binary',
      function: 'add',
      a: { kind: 'operand', index: 0 },
      b: { kind: 'unary', activation: { function: 'log' }, x: { kind: 'operand', index: 1 } },
    },
    outputSlack: 2,
  }),
  'pool pixels': sample(pool, {
    function: 'max',
    lanes: 'pixels',
    channels: 3,
    height: 4,
    width: 10,
    inputChannelStep: 756,
    inputRowStep: 168,
    inputPixelStep: 8,
    outputChannelStep: 160,
    outputRowStep: 40,
    outputPixelStep: 4,
    kernelHeight: 3,
    kernelWidth: 3,
    tapRowStep: 84,
    tapPixelStep: 4,
    outputSlack: 0,
  }),
  'pool channels': sample(pool, {
    function: 'average',
    lanes: 'channels',
    channels: 6,
    height: 1,
    width: 5,
    inputChannelStep: 4,
    inputRowStep: 0,
    inputPixelStep: 32,
    outputChannelStep: 4,
    outputRowStep: 0,
    outputPixelStep: 32,
    kernelHeight: 1,
    kernelWidth: 3,
    tapRowStep: 0,
    tapPixelStep: 32,
    factor: 'perPixel',
    outputSlack: 2,
  }),
  'resize repeat': sample(resize, {
    ...resizeShape,
    sampling: { kind: 'repeat', rows: 2, pixels: 2 },
  }),
  'resize nearest': sample(resize, { ...resizeShape, sampling: { kind: 'nearest' } }),
  'resize bilinear': sample(resize, {
    ...resizeShape,
    sampling: { kind: 'linear', mixesRows: true },
  }),
  'resize channels': sample(resize, {
    ...resizeShape,
    lanes: 'channels',
    channels: 6,
    height: 1,
    inputHeight: 1,
    inputChannelStep: 4,
    outputChannelStep: 4,
    outputPixelStep: 32,
    outputSlack: 2,
    sampling: { kind: 'linear', mixesRows: false },
  }),
  'softmax along rows': sample(softmax, {
    kept: [3],
    keptInputStrides: [6],
    keptOutputStrides: [8],
    extent: 6,
    inputStride: 1,
    outputStride: 1,
    outputSlack: 2,
  }),
  'softmax side by side': sample(softmax, {
    kept: [6],
    keptInputStrides: [1],
    keptOutputStrides: [1],
    extent: 3,
    inputStride: 6,
    outputStride: 8,
    outputSlack: 2,
  }),
  layerNorm: sample(layerNorm, {
    rows: 3,
    extent: 6,
    inputStep: 24,
    outputStep: 32,
    epsilon: 1e-5,
    bias: true,
  }),
  reduce: sample(reduce, {
    function: 'mean',
    kept: [3],
    keptInputStrides: [8],
    outputStrides: [1],
    reduced: [6],
    reducedStrides: [1],
    outputSlack: 0,
  }),
};

/**
 * One small kernel of every family and of every shape of code in it, by name: renderers keep its text beside their tests, so that a
 * change of emitted code is seen in review.
 */
export const sampleKernels: Readonly<Record<string, Kernel>> = Object.fromEntries(
  Object.entries(samples).map(([name, { kernel }]) => [name, kernel]),
);

/** The kernels of {@link sampleKernels} as work-items share them. */
export const sampleGrids: Readonly<Record<string, (options: GridOptions) => GridKernel>> = Object.fromEntries(
  Object.entries(samples).map(([name, { grid }]) => [name, grid]),
);

/** Small kernels of 16-bit floats, which not every target has: sums of products, gates in 32 bits, and the conversions at the borders. */
export const sampleHalfKernels: Readonly<Record<string, Kernel>> = {
  'spmv dense of halves': lowerKernel(spmv, {
    ...spmvShape,
    element: 'f16',
    rows: 36,
    columns: { kind: 'runs', runs: 3, runLength: 5, runStep: 16 },
  }),
  'spmm strips of halves': lowerKernel(
    spmm,
    {
      element: 'f16',
      rows: 8,
      height: 6,
      width: 20,
      inputRowStep: 48,
      inputPixelStep: 2,
      outputRowStep: 40,
      outputChannelStep: 240,
      bias: true,
      activation: sigmoid,
      window: { channels: 4, channelStep: 288, rowStep: 48, pixelStep: 2, height: 1, width: 1 },
      columns: { kind: 'strips', subsets: [6, 15] },
    },
    undefined,
    { vectorRegisters: 32 },
  ),
  'gru gates of halves': lowerKernel(gruGates, {
    element: 'f16',
    hidden: 6,
    gateStep: 12,
    part: 'linear',
    activations: [sigmoid, tanh],
  }),
  'halves from floats': lowerKernel(elementwise, {
    extents: [6],
    operandStrides: [[1]],
    outputStrides: [1],
    element: 'f16',
    operandElements: ['f32'],
    expression: { kind: 'operand', index: 0 },
    outputSlack: 0,
  }),
};
