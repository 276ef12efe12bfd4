import { depthwiseCases, foldWindowsCases } from './convolution-cases.ts';
import { csrSpmvCases } from './csr-spmv-cases.ts';
import { depthwise2dCases } from './depthwise2d-cases.ts';
import { elementwiseCases, reduceCases } from './elementwise-cases.ts';
import type { FamilyRow } from './kernel-case.ts';
import { gruGatesCases, lstmGatesCases } from './recurrent-cases.ts';
import { layerNormCases, softmaxCases } from './normalisation-cases.ts';
import { poolCases } from './pool-cases.ts';
import { resizeCases } from './resize-cases.ts';
import { spmmCases } from './spmm-cases.ts';
import { spmvCases } from './spmv-cases.ts';

/**
 * Every kernel family. A row is all that a family needs to be tested over edge shapes, interpreted and as emitted code of
 * every target, and to appear in the documentation.
 */
export const kernelFamilies: readonly FamilyRow[] = [
  {
    name: 'spmv',
    computes:
      'matrix × few right-hand sides, dense or BCR: recurrent and fully connected layers, 1-d convolutions',
    lanes: 'rows',
    cases: spmvCases,
  },
  {
    name: 'csrSpmv',
    computes: 'matrix × vector in compressed sparse rows, without structure: what benchmarks compare with',
    lanes: 'none',
    cases: csrSpmvCases,
  },
  {
    name: 'spmm',
    computes: 'convolution over a padded image without im2col, dense or BCR',
    lanes: 'pixels',
    cases: spmmCases,
  },
  {
    name: 'depthwise',
    computes: '1-d convolution with one filter per channel',
    lanes: 'channels',
    cases: depthwiseCases,
  },
  {
    name: 'depthwise2d',
    computes: '2-d convolution with one filter per channel, any filter, stride and dilation',
    lanes: 'pixels',
    cases: depthwise2dCases,
  },
  { name: 'lstmGates', computes: 'the gates of one LSTM step', lanes: 'units', cases: lstmGatesCases },
  {
    name: 'gruGates',
    computes: 'the gates of one GRU step, both positions of the reset gate',
    lanes: 'units',
    cases: gruGatesCases,
  },
  {
    name: 'elementwise',
    computes: 'chains of elementwise functions with broadcasting; copies between layouts',
    lanes: 'elements',
    cases: elementwiseCases,
  },
  {
    name: 'reduce',
    computes: 'mean, sum, maximum and minimum along axes',
    lanes: 'elements',
    cases: reduceCases,
  },
  {
    name: 'pool',
    computes: 'maximum and average of sliding windows, 1-d and 2-d',
    lanes: 'pixels (channels first) or channels (channels last)',
    cases: poolCases,
  },
  {
    name: 'resize',
    computes: 'images and sequences resampled by the nearest element or linearly',
    lanes: 'pixels (channels first) or channels (channels last)',
    cases: resizeCases,
  },
  {
    name: 'softmax',
    computes: 'softmax along one axis',
    lanes: 'elements of the axis, or of another',
    cases: softmaxCases,
  },
  {
    name: 'layerNorm',
    computes: 'normalisation over trailing axes',
    lanes: 'elements',
    cases: layerNormCases,
  },
  {
    name: 'foldWindows',
    computes:
      "symmetric and antisymmetric halves of overlapping windows, for filter banks such as a Fourier transform's",
    lanes: 'samples',
    cases: foldWindowsCases,
  },
];
