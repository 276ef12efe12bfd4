import { csrSpmvChoices } from '../families/csr-spmv.ts';
import { depthwise2dChoices } from '../families/depthwise2d.ts';
import { elementwiseChoices } from '../families/elementwise.ts';
import { poolChoices } from '../families/pool.ts';
import { spmmChoices } from '../families/spmm/schedule-choices.ts';
import { spmvChoices } from '../families/spmv/schedule-choices.ts';
import {
  depthwiseBenchmarks,
  depthwiseCases,
  foldWindowsBenchmarks,
  foldWindowsCases,
} from './convolution-cases.ts';
import { csrSpmvBenchmarks, csrSpmvCases } from './csr-spmv-cases.ts';
import { depthwise2dBenchmarks, depthwise2dCases } from './depthwise2d-cases.ts';
import {
  elementwiseBenchmarks,
  elementwiseCases,
  reduceBenchmarks,
  reduceCases,
} from './elementwise-cases.ts';
import { ofElements, type FamilyRow } from './kernel-case.ts';
import { gruGatesBenchmarks, gruGatesCases, lstmGatesBenchmarks, lstmGatesCases } from './recurrent-cases.ts';
import {
  layerNormBenchmarks,
  layerNormCases,
  softmaxBenchmarks,
  softmaxCases,
} from './normalisation-cases.ts';
import { poolBenchmarks, poolCases } from './pool-cases.ts';
import { resizeBenchmarks, resizeCases } from './resize-cases.ts';
import { spmmBenchmarks, spmmCases } from './spmm-cases.ts';
import { spmvBenchmarks, spmvCases } from './spmv-cases.ts';

/**
 * Every kernel family. A row is all that a family needs to be tested over edge shapes, interpreted and as emitted code of
 * every target, to be estimated, to be benchmarked, and to appear in the documentation.
 */
export const kernelFamilies: readonly FamilyRow[] = [
  {
    name: 'spmv',
    computes:
      'matrix × few right-hand sides, dense or BCR: recurrent and fully connected layers, 1-d convolutions',
    lanes: 'rows',
    elements: ['f32', 'f16'],
    choices: spmvChoices,
    cases: ofElements(spmvCases),
    benchmarks: ofElements(spmvBenchmarks),
  },
  {
    name: 'csrSpmv',
    computes: 'matrix × vector in compressed sparse rows, without structure: what benchmarks compare with',
    lanes: 'none',
    elements: ['f32'],
    choices: csrSpmvChoices,
    cases: ofElements(csrSpmvCases),
    benchmarks: ofElements(csrSpmvBenchmarks),
  },
  {
    name: 'spmm',
    computes: 'convolution over a padded image without im2col, dense or BCR',
    lanes: 'pixels',
    elements: ['f32', 'f16'],
    choices: spmmChoices,
    cases: ofElements(spmmCases),
    benchmarks: ofElements(spmmBenchmarks),
  },
  {
    name: 'depthwise',
    computes: '1-d convolution with one filter per channel',
    lanes: 'channels',
    elements: ['f32', 'f16'],
    choices: {},
    cases: ofElements(depthwiseCases),
    benchmarks: ofElements(depthwiseBenchmarks),
  },
  {
    name: 'depthwise2d',
    computes: '2-d convolution with one filter per channel, any filter, stride and dilation',
    lanes: 'pixels',
    elements: ['f32', 'f16'],
    choices: depthwise2dChoices,
    cases: ofElements(depthwise2dCases),
    benchmarks: ofElements(depthwise2dBenchmarks),
  },
  {
    name: 'lstmGates',
    computes: 'the gates of one LSTM step',
    lanes: 'units',
    elements: ['f32', 'f16'],
    choices: {},
    cases: ofElements(lstmGatesCases),
    benchmarks: ofElements(lstmGatesBenchmarks),
  },
  {
    name: 'gruGates',
    computes: 'the gates of one GRU step, both positions of the reset gate',
    lanes: 'units',
    elements: ['f32', 'f16'],
    choices: {},
    cases: ofElements(gruGatesCases),
    benchmarks: ofElements(gruGatesBenchmarks),
  },
  {
    name: 'elementwise',
    computes: 'chains of elementwise functions with broadcasting; copies between layouts',
    lanes: 'elements',
    elements: ['f32', 'f16'],
    choices: elementwiseChoices,
    cases: ofElements(elementwiseCases),
    benchmarks: ofElements(elementwiseBenchmarks),
  },
  {
    name: 'reduce',
    computes: 'mean, sum, maximum and minimum along axes',
    lanes: 'elements',
    elements: ['f32', 'f16'],
    choices: {},
    cases: ofElements(reduceCases),
    benchmarks: ofElements(reduceBenchmarks),
  },
  {
    name: 'pool',
    computes: 'maximum and average of sliding windows, 1-d and 2-d',
    lanes: 'pixels (channels first) or channels (channels last)',
    elements: ['f32', 'f16'],
    choices: poolChoices,
    cases: ofElements(poolCases),
    benchmarks: ofElements(poolBenchmarks),
  },
  {
    name: 'resize',
    computes: 'images and sequences resampled by the nearest element or linearly',
    lanes: 'pixels (channels first) or channels (channels last)',
    elements: ['f32', 'f16'],
    choices: {},
    cases: ofElements(resizeCases),
    benchmarks: ofElements(resizeBenchmarks),
  },
  {
    name: 'softmax',
    computes: 'softmax along one axis',
    lanes: 'elements of the axis, or of another',
    elements: ['f32', 'f16'],
    choices: {},
    cases: ofElements(softmaxCases),
    benchmarks: ofElements(softmaxBenchmarks),
  },
  {
    name: 'layerNorm',
    computes: 'normalisation over trailing axes',
    lanes: 'elements',
    elements: ['f32', 'f16'],
    choices: {},
    cases: ofElements(layerNormCases),
    benchmarks: ofElements(layerNormBenchmarks),
  },
  {
    name: 'foldWindows',
    computes:
      "symmetric and antisymmetric halves of overlapping windows, for filter banks such as a Fourier transform's",
    lanes: 'samples',
    elements: ['f32', 'f16'],
    choices: {},
    cases: ofElements(foldWindowsCases),
    benchmarks: ofElements(foldWindowsBenchmarks),
  },
];
