import { evaluateActivation } from '@grim/ir';

import { spmm, spmmScratch } from '../families/spmm/spmm.ts';
import type { SpmmProblem, SpmmSchedule } from '../families/spmm/spmm-problem.ts';
import { packSpmm } from '../lowering/pack-spmm.ts';
import { leastTarget, type KernelTarget } from '../target.ts';
import {
  lowered,
  randomFloats,
  unwritten,
  type KernelBenchmark,
  type KernelCase,
  type RandomElements,
} from './kernel-case.ts';
import { nonZeros, randomMatrix, type RandomPattern } from './random-matrix.ts';

interface Choice {
  readonly rows: number;
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  /** Distance between the inputs of two neighbouring outputs, in rows and in pixels; one number for pixels alone. */
  readonly step: number | readonly [y: number, x: number];
  /** Rows and pixels of the kernel; 1×1 unless told. */
  readonly taps?: readonly [y: number, x: number];
  readonly pattern: RandomPattern;
  readonly bias: boolean;
  readonly schedule?: SpmmSchedule;
  /** The least one unless given. */
  readonly target?: KernelTarget;
}

const relu = { function: 'relu' } as const;

/** Extents of a case, in elements. */
function extentsOf({ height, width, step, taps = [1, 1] }: Choice) {
  const [stepY, stepX] = typeof step === 'number' ? [1, step] : step;
  const [tapsY, tapsX] = taps;
  const inputWidth = (width - 1) * stepX + Math.max(stepX, tapsX);
  const inputHeight = (height - 1) * stepY + Math.max(stepY, tapsY);
  return { stepY, stepX, tapsY, tapsX, inputWidth, plane: inputHeight * inputWidth };
}

/** The plain definition, over zeros as well. */
function plainConvolution(
  choice: Choice,
  weights: Float32Array,
  input: Float32Array,
  bias: Float32Array,
): { output: Float32Array } {
  const { rows, channels, height, width, bias: biased } = choice;
  const { stepY, stepX, tapsY, tapsX, inputWidth, plane } = extentsOf(choice);
  const columns = channels * tapsY * tapsX;
  const output = new Float32Array(rows * height * width);
  for (let row = 0; row < rows; row++) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        let sum = biased ? (bias[row] ?? 0) : 0;
        for (let column = 0; column < columns; column++) {
          const weight = weights[row * columns + column] ?? 0;
          const tapX = column % tapsX;
          const tapY = Math.floor(column / tapsX) % tapsY;
          const channel = Math.floor(column / (tapsX * tapsY));
          sum += weight * (input[channel * plane + (y * stepY + tapY) * inputWidth + x * stepX + tapX] ?? 0);
        }
        output[(row * height + y) * width + x] = evaluateActivation(relu, sum);
      }
    }
  }
  return { output };
}

function caseOf(choice: Choice, random: RandomElements): KernelBenchmark {
  const { rows, channels, height, width, step, pattern, bias: biased, target = leastTarget } = choice;
  const { stepY, stepX, tapsY, tapsX, inputWidth, plane } = extentsOf(choice);
  const { matrix, bcr } = randomMatrix(rows, channels * tapsY * tapsX, pattern, random);
  const { element } = random;
  const { bytes } = random.floats;
  const packed = packSpmm(
    { matrix, ...(bcr ? { bcr } : {}), ...(choice.schedule ? { schedule: { ...choice.schedule } } : {}) },
    {
      element,
      rows,
      height,
      width,
      inputRowStep: stepY * inputWidth * bytes,
      inputPixelStep: stepX * bytes,
      outputRowStep: width * bytes,
      outputChannelStep: height * width * bytes,
      window: {
        channels,
        channelStep: plane * bytes,
        rowStep: inputWidth * bytes,
        pixelStep: bytes,
        height: tapsY,
        width: tapsX,
      },
      bias: biased,
      activation: relu,
    },
    (column) => ({
      channel: Math.floor(column / (tapsY * tapsX)),
      y: Math.floor(column / tapsX) % tapsY,
      x: column % tapsX,
    }),
    target,
  );
  const input = randomFloats(channels * plane, random);
  const bias = randomFloats(rows, random);
  const plain = (): { output: Float32Array } => plainConvolution(choice, matrix.values, input, bias);
  const [weights = new Float32Array(), index = new Int32Array()] = packed.data;
  const stream = packed.problem.columns.kind === 'all' ? undefined : weights;
  const scratch = spmmScratch(packed.problem, packed.schedule);
  return {
    name: `${String(rows)}×${String(channels)} at ${String(height)}×${String(width)}, every ${String(step)}, ${String(tapsY)}×${String(tapsX)} taps, ${pattern}, ${packed.path}`,
    ...lowered(spmm, packed.problem, packed.schedule, target),
    buffers: {
      input,
      ...(stream ? { stream } : { weights, index }),
      output: unwritten(rows * height * width),
      ...(biased ? { bias: Float32Array.from(packed.order, (row) => bias[row] ?? 0) } : {}),
      ...(scratch > 0 ? { scratch: unwritten(scratch) } : {}),
    },
    expected: { ...plain(), ...(scratch > 0 ? { scratch: new Float32Array(scratch).fill(NaN) } : {}) },
    plain,
    usefulOperations: 2 * nonZeros(matrix) * height * width,
  };
}

/** What a case leaves alone. */
const plainSchedule: SpmmSchedule = {
  groupRows: 4,
  pixelVectors: 4,
  tileRows: 1,
  blockHeight: 1,
  loopOrder: 'rows',
  panelChannels: 0,
  columnUnroll: 1,
  rowPruning: 'subsets',
  sums: 'registers',
};

/** A target with registers for wide tiles. */
const rich: KernelTarget = { vectorRegisters: 32, loadsPairs: true };

/** Widths around every tile, row counts around every group, pixel distances, all packings. */
export function* spmmCases(random: RandomElements): Iterable<KernelCase> {
  const base = { rows: 9, channels: 6, height: 3, width: 9, step: 1, pattern: 'dense', bias: true } as const;
  for (const width of [1, 2, 3, 4, 5, 7, 8, 9, 11, 12, 13, 15, 16, 17])
    yield caseOf({ ...base, width }, random);
  for (const rows of [1, 2, 3, 4, 5, 7, 8]) yield caseOf({ ...base, rows }, random);
  for (const step of [2, 3]) {
    for (const width of [1, 2, 3, 9]) yield caseOf({ ...base, step, width }, random);
  }
  yield caseOf({ ...base, bias: false }, random);
  const strips = { ...base, rows: 18, channels: 20, pattern: 'rowsAndColumns' } as const;
  for (const groupRows of [1, 2, 4, 8] as const) {
    for (const pixelVectors of [1, 2, 3, 4, 7] as const) {
      for (const [tileRows, blockHeight] of [
        [1, 1],
        [1, 2],
        [2, 2],
        [4, 4],
      ] as const) {
        const schedule: SpmmSchedule = { ...plainSchedule, groupRows, pixelVectors, tileRows, blockHeight };
        const problem: SpmmProblem = {
          ...base,
          element: random.element,
          inputRowStep: 36,
          inputPixelStep: 4,
          outputRowStep: 36,
          outputChannelStep: 108,
          window: { channels: 6, channelStep: 108, rowStep: 36, pixelStep: 4, height: 1, width: 1 },
          columns: { kind: 'all', columns: 6 },
        };
        if (spmm.refuse(problem, schedule, leastTarget) === undefined) {
          yield caseOf({ ...base, schedule }, random);
          yield caseOf({ ...base, height: 7, width: 13, schedule }, random);
        } else if (spmm.refuse(problem, schedule, rich) === undefined) {
          yield caseOf({ ...base, height: 7, width: 13, schedule, target: rich }, random);
          yield caseOf({ ...strips, schedule, target: rich }, random);
        }
        if (groupRows === 4) yield caseOf({ ...strips, schedule: { ...schedule, sums: 'scratch' } }, random);
      }
    }
  }
  // Lone rows, and all rows of the highest strips, over tiles that are summed in one pass and in several.
  for (const groupRows of [1, 2, 4, 8] as const) {
    for (const panelChannels of [0, 8]) {
      const schedule = {
        ...plainSchedule,
        groupRows,
        pixelVectors: 8,
        panelChannels,
        sums: 'scratch',
      } as const;
      for (const pattern of ['columns', 'rowsAndColumns'] as const) {
        yield caseOf({ ...strips, width: 33, pattern, schedule }, random);
      }
    }
  }
  const pruned = {
    ...base,
    rows: 18,
    channels: 40,
    height: 5,
    width: 13,
    pattern: 'rowsAndColumns',
  } as const;
  for (const loopOrder of ['rows', 'tiles'] as const) {
    const blocks = { ...plainSchedule, tileRows: 2, blockHeight: 4, loopOrder } as const;
    for (const columnUnroll of [1, 2, 4] as const) {
      yield caseOf({ ...base, schedule: { ...blocks, pixelVectors: 1, columnUnroll } }, random);
    }
    for (const rowPruning of ['subsets', 'padding'] as const) {
      for (const panelChannels of [0, 1, 7, 8, 64]) {
        const schedule = { ...blocks, panelChannels, rowPruning, sums: 'scratch' } as const;
        yield caseOf({ ...pruned, schedule }, random);
      }
    }
    for (const columnUnroll of [1, 2, 4] as const) {
      const schedule = { ...blocks, pixelVectors: 2, columnUnroll } as const;
      yield caseOf({ ...pruned, schedule, target: rich }, random);
    }
  }
  // Panels: taps, strides wider and narrower than taps, tiles and blocks that reach back, vectors of few pixels.
  for (const [taps, step] of [
    [[3, 3], 1],
    [
      [3, 2],
      [2, 2],
    ],
    [
      [1, 1],
      [2, 2],
    ],
    [
      [2, 5],
      [3, 3],
    ],
    [
      [3, 1],
      [1, 2],
    ],
  ] as const) {
    for (const width of [1, 2, 5, 9, 18]) {
      for (const [tileRows, blockHeight] of [
        [1, 1],
        [1, 3],
        [2, 4],
      ] as const) {
        const schedule = {
          ...plainSchedule,
          pixelVectors: 2,
          panelChannels: 5,
          tileRows,
          blockHeight,
          sums: 'scratch',
        } as const;
        const shape = { ...pruned, channels: 12, rows: 10, width, taps, step, schedule } as const;
        yield caseOf(shape, random);
        yield caseOf(
          { ...shape, bias: false, height: 2, schedule: { ...schedule, loopOrder: 'tiles' } },
          random,
        );
      }
    }
  }
  for (const pattern of ['columns', 'rowsAndColumns', 'empty', 'scattered'] as const) {
    for (const rows of [2, 8, 13]) {
      for (const width of [3, 8, 18]) {
        yield caseOf({ ...base, rows, channels: 40, width, pattern }, random);
      }
      yield caseOf({ ...base, rows, channels: 40, width: 18, pattern, target: rich }, random);
    }
  }
}

/** 1×1 layers: dense, and with a tenth of the weights left. */
export function* spmmBenchmarks(random: RandomElements): Iterable<KernelBenchmark> {
  const base = { rows: 128, channels: 128, height: 28, width: 28, step: 1, bias: true } as const;
  yield caseOf({ ...base, pattern: 'dense' }, random);
  yield caseOf({ ...base, pattern: 'pruned' }, random);
  yield caseOf({ ...base, rows: 256, channels: 256, pattern: 'pruned' }, random);
  yield caseOf({ ...base, channels: 256, taps: [3, 3], pattern: 'pruned' }, random);
}
