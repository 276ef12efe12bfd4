import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  interpretKernel,
  lowerKernel,
  spmm,
  spmv,
  type SpmmProblem,
  type SpmmSchedule,
  type SpmvProblem,
  type SpmvSchedule,
} from '../src/index.ts';

const bytesOf = (array: Float32Array | Int32Array): Uint8Array => new Uint8Array(array.buffer);
const pointer = (array: Float32Array | Int32Array): { memory: Uint8Array; offset: number } => ({
  memory: bytesOf(array),
  offset: 0,
});
const ramp = (length: number, scale: number): Float32Array =>
  Float32Array.from({ length }, (_, index) => Math.sin(index * 1.7 + 0.3) * scale);

const spmvSchedule: fc.Arbitrary<SpmvSchedule> = fc
  .record<SpmvSchedule>({
    groupRows: fc.constantFrom(4, 8, 16, 32),
    positionTile: fc.constantFrom(1, 2, 3, 4),
    accumulatorSets: fc.constantFrom(1, 2, 4),
  })
  .filter((schedule) => (schedule.groupRows / 4) * schedule.positionTile * schedule.accumulatorSets <= 12);

/** A dense product with any schedule against the plain triple loop. */
function checkSpmv(
  rows: number,
  columns: number,
  positions: number,
  slack: number,
  schedule: SpmvSchedule,
): void {
  const outputRows = rows + slack;
  const problem: SpmvProblem = {
    rows,
    positions,
    inputStep: columns * 4,
    outputStep: outputRows * 4,
    columns: { kind: 'runs', runs: 1, runLength: columns, runStep: columns * 4 },
    outputSlack: slack,
    addend: 'bias',
  };
  const weight = (row: number, column: number): number => Math.fround(Math.cos(row * 3.1 + column));
  const packed: number[] = [];
  for (let first = 0; first < rows; first += schedule.groupRows) {
    const lanes = Math.ceil(Math.min(schedule.groupRows, rows - first) / 4) * 4;
    for (let column = 0; column < columns; column++) {
      for (let lane = 0; lane < lanes; lane++)
        packed.push(first + lane < rows ? weight(first + lane, column) : 0);
    }
  }
  const input = ramp(columns * positions, 1);
  const bias = ramp(Math.ceil(rows / 4) * 4, 0.5);
  const marker = 12345;
  const output = new Float32Array(outputRows * positions + 8).fill(marker);
  interpretKernel(lowerKernel(spmv, problem, schedule), {
    input: pointer(input),
    weights: pointer(Float32Array.from(packed)),
    bias: pointer(bias),
    output: pointer(output),
  });
  for (let position = 0; position < positions; position++) {
    for (let row = 0; row < rows; row++) {
      let sum = bias[row] ?? 0;
      for (let column = 0; column < columns; column++) {
        sum += weight(row, column) * (input[position * columns + column] ?? 0);
      }
      expect(output[position * outputRows + row]).toBeCloseTo(sum, 4);
    }
  }
  // Nothing is written past the last row of the last position, but for the slack that was granted.
  for (let index = outputRows * positions; index < output.length; index++) expect(output[index]).toBe(marker);
}

describe('spmv schedules', () => {
  it('give the plain product for every shape around their tiles', () => {
    const shape = fc.record({
      rows: fc.constantFrom(1, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33),
      columns: fc.integer({ min: 1, max: 13 }),
      positions: fc.integer({ min: 1, max: 9 }),
      slack: fc.constantFrom(0, 0, 1, 3),
      schedule: spmvSchedule,
    });
    fc.assert(
      fc.property(shape, ({ rows, columns, positions, slack, schedule }) => {
        checkSpmv(rows, columns, positions, slack, schedule);
      }),
      { numRuns: 200 },
    );
  });

  it('refuses more accumulators than there are registers, by name', () => {
    const problem: SpmvProblem = {
      rows: 32,
      positions: 4,
      inputStep: 16,
      outputStep: 128,
      columns: { kind: 'runs', runs: 1, runLength: 4, runStep: 16 },
      outputSlack: 0,
      addend: 'zero',
    };
    const schedule: SpmvSchedule = { groupRows: 32, positionTile: 4, accumulatorSets: 1 };
    expect(() => lowerKernel(spmv, problem, schedule)).toThrow(
      /spmv: 32 rows × 4 positions .* 32 accumulators/,
    );
  });
});

const spmmSchedule: fc.Arbitrary<SpmmSchedule> = fc
  .record<SpmmSchedule>({
    groupRows: fc.constantFrom(1, 2, 4, 8),
    pixelVectors: fc.constantFrom(1, 2, 3, 4),
    blockHeight: fc.constantFrom(1, 2, 3),
  })
  .filter((schedule) => schedule.groupRows * schedule.pixelVectors <= 12);

/** A dense 1×1 convolution with any schedule against the plain loops, with any distance between pixels. */
function checkSpmm(
  rows: number,
  channels: number,
  height: number,
  width: number,
  step: number,
  schedule: SpmmSchedule,
): void {
  const inputWidth = width * step;
  const problem: SpmmProblem = {
    rows,
    height,
    width,
    inputRowStep: inputWidth * 4,
    inputPixelStep: step * 4,
    outputRowStep: width * 4,
    outputChannelStep: height * width * 4,
    columns: { kind: 'all', columns: channels },
    bias: true,
    activation: { function: 'relu' },
  };
  const weight = (row: number, channel: number): number => Math.fround(Math.cos(row * 2.3 + channel));
  const packed: number[] = [];
  for (let first = 0; first < rows; first += schedule.groupRows) {
    for (let channel = 0; channel < channels; channel++) {
      for (let row = first; row < Math.min(rows, first + schedule.groupRows); row++)
        packed.push(weight(row, channel));
    }
  }
  const plane = height * inputWidth;
  const input = ramp(channels * plane + 4 * step + 4, 1);
  const bias = ramp(rows, 0.5);
  const marker = 12345;
  const output = new Float32Array(rows * height * width + 8).fill(marker);
  interpretKernel(lowerKernel(spmm, problem, schedule), {
    input: pointer(input),
    weights: pointer(Float32Array.from(packed)),
    index: pointer(Int32Array.from({ length: channels }, (_, channel) => channel * plane * 4)),
    bias: pointer(bias),
    output: pointer(output),
  });
  for (let row = 0; row < rows; row++) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        let sum = bias[row] ?? 0;
        for (let channel = 0; channel < channels; channel++) {
          sum += weight(row, channel) * (input[channel * plane + y * inputWidth + x * step] ?? 0);
        }
        expect(output[(row * height + y) * width + x]).toBeCloseTo(Math.max(0, sum), 4);
      }
    }
  }
  for (let index = rows * height * width; index < output.length; index++) expect(output[index]).toBe(marker);
}

describe('spmm schedules', () => {
  it('give the plain convolution for every width around their tiles', () => {
    const shape = fc.record({
      rows: fc.constantFrom(1, 2, 3, 4, 5, 8, 9),
      channels: fc.integer({ min: 1, max: 5 }),
      height: fc.integer({ min: 1, max: 3 }),
      width: fc.constantFrom(1, 2, 3, 4, 5, 7, 8, 9, 11, 12, 13, 15, 16, 17),
      step: fc.constantFrom(1, 1, 2, 3),
      schedule: spmmSchedule,
    });
    fc.assert(
      fc.property(shape, ({ rows, channels, height, width, step, schedule }) => {
        checkSpmm(rows, channels, height, width, step, schedule);
      }),
      { numRuns: 200 },
    );
  });
});
