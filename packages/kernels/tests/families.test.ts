import { describe, expect, it } from 'vitest';

import {
  depthwise2d,
  elementsIn,
  interpretKernel,
  kernelFamilies,
  leastTarget,
  lowerKernel,
  pool,
  spmm,
  spmv,
  type BufferContents,
  type Depthwise2dProblem,
  type KernelCase,
  type PoolProblem,
  type SpmmProblem,
  type SpmvProblem,
} from '../src/index.ts';
import { randomSource } from './support/random-source.ts';

const BAND_BYTES = 64;
const BAND_VALUE = 0xa5;

/** A buffer inside bands whose bytes a kernel must not change. Reads may go past the end by less than a vector. */
function banded(contents: BufferContents): { memory: Uint8Array; offset: number } {
  const memory = new Uint8Array(contents.byteLength + 2 * BAND_BYTES).fill(BAND_VALUE);
  memory.set(new Uint8Array(contents.buffer, contents.byteOffset, contents.byteLength), BAND_BYTES);
  return { memory, offset: BAND_BYTES };
}

/**
 * What results may differ by from the definition in double precision, relative to the larger of 1 and the result. Sums of halves
 * are rounded to 11 bits after every product.
 */
const TOLERANCE = { f32: 5e-5, f16: 2 ** -6 } as const;

function checkCase({ kernel, buffers, expected }: KernelCase, tolerance: number): void {
  const pointers = Object.fromEntries(
    Object.entries(buffers).map(([name, contents]) => [name, banded(contents)]),
  );
  interpretKernel(kernel, pointers);
  for (const [name, { memory }] of Object.entries(pointers)) {
    const bands = [...memory.subarray(0, BAND_BYTES), ...memory.subarray(memory.length - BAND_BYTES)];
    expect(
      bands.every((byte) => byte === BAND_VALUE),
      `bytes around ${name}`,
    ).toBe(true);
    const values = expected[name];
    if (!values) {
      const contents = buffers[name];
      const before = contents ? banded(contents).memory : new Uint8Array();
      expect(memory, `${name} is only read`).toEqual(before);
      continue;
    }
    const bytes = memory.subarray(BAND_BYTES, memory.length - BAND_BYTES);
    const actual = elementsIn(buffers[name] ?? new Float32Array(), bytes);
    values.forEach((value, index) => {
      if (Number.isNaN(value)) return;
      const difference = Math.abs((actual[index] ?? NaN) - value) / Math.max(1, Math.abs(value));
      if (difference < tolerance || actual[index] === value) return;
      expect.fail(`${name}[${String(index)}] is ${String(actual[index])}, expected ${String(value)}`);
    });
  }
}

describe('every kernel family computes its plain definition over edge shapes', () => {
  const tests = kernelFamilies.flatMap((family) => family.elements.map((element) => ({ family, element })));
  for (const { family, element } of tests) {
    it(`${family.name}, ${element}`, () => {
      let cases = 0;
      for (const kernelCase of family.cases(randomSource(1), element)) {
        try {
          checkCase(kernelCase, TOLERANCE[element]);
        } catch (error) {
          throw new Error(`${kernelCase.name} (${kernelCase.kernel.name})`, { cause: error });
        }
        cases++;
      }
      expect(cases).toBeGreaterThan(5);
    });
  }
});

describe('schedules that cannot be used are refused by name', () => {
  it('depthwise2d: more accumulators than there are registers, too much code', () => {
    const problem: Depthwise2dProblem = {
      channels: 1,
      height: 4,
      width: 16,
      inputChannelStep: 432,
      inputRowStep: 72,
      inputPixelStep: 4,
      outputChannelStep: 256,
      outputRowStep: 64,
      kernelHeight: 3,
      kernelWidth: 3,
      tapRowStep: 72,
      tapPixelStep: 4,
      bias: false,
    };
    expect(() => lowerKernel(depthwise2d, problem, { tileRows: 4, pixelVectors: 4 })).toThrow(
      /depthwise2d: 4 rows × 4 vectors need 16 accumulators/,
    );
    expect(() => lowerKernel(depthwise2d, { ...problem, kernelWidth: 43 })).toThrow(
      /depthwise2d: filters of 129 taps, more than 128/,
    );
  });

  it('pool: lanes that are not neighbours, averages without a factor', () => {
    const problem: PoolProblem = {
      function: 'average',
      lanes: 'pixels',
      channels: 1,
      height: 1,
      width: 4,
      inputChannelStep: 16,
      inputRowStep: 16,
      inputPixelStep: 4,
      outputChannelStep: 16,
      outputRowStep: 16,
      outputPixelStep: 4,
      kernelHeight: 1,
      kernelWidth: 1,
      tapRowStep: 16,
      tapPixelStep: 4,
      outputSlack: 0,
    };
    expect(() => lowerKernel(pool, problem)).toThrow(/pool: average needs a factor/);
    expect(() => lowerKernel(pool, { ...problem, lanes: 'channels' })).toThrow(
      /pool: channels in lanes must lie next to each other/,
    );
  });

  it('spmv: more accumulators than there are registers', () => {
    const problem: SpmvProblem = {
      rows: 32,
      positions: 4,
      inputStep: 16,
      outputStep: 128,
      columns: { kind: 'runs', runs: 1, runLength: 4, runStep: 16 },
      outputSlack: 0,
      addend: 'zero',
    };
    expect(() =>
      lowerKernel(spmv, problem, {
        groupRows: 32,
        positionTile: 4,
        accumulatorSets: 1,
        columnUnroll: 1,
        weightStreams: 1,
      }),
    ).toThrow(/spmv: 32 rows × 4 positions .* 32 accumulators/);
  });

  it('spmm: row subsets wider than a strip, blocks of no rows, choices of the other packing', () => {
    const problem: SpmmProblem = {
      rows: 8,
      height: 4,
      width: 8,
      inputRowStep: 32,
      inputPixelStep: 4,
      outputRowStep: 32,
      outputChannelStep: 128,
      window: { channels: 3, channelStep: 128, rowStep: 32, pixelStep: 4, height: 1, width: 1 },
      columns: { kind: 'strips', subsets: [16] },
      bias: false,
    };
    const schedule = spmm.defaultSchedule(problem, leastTarget);
    const dense: SpmmProblem = { ...problem, columns: { kind: 'all', columns: 3 } };
    expect(() => lowerKernel(spmm, problem, { ...schedule, groupRows: 4 })).toThrow(
      /row subset 16 does not fit groups of 4/,
    );
    expect(() => lowerKernel(spmm, problem, { ...schedule, groupRows: 8, blockHeight: 0 })).toThrow(
      /whole number of rows of pixels, not 0/,
    );
    expect(() => lowerKernel(spmm, problem, { ...schedule, groupRows: 8, columnUnroll: 2 })).toThrow(
      /one at a time, not 2/,
    );
    const panels = { ...schedule, groupRows: 8, panelChannels: 2, sums: 'registers' } as const;
    expect(() => lowerKernel(spmm, problem, panels)).toThrow(/inputs in place, not in panels/);
    expect(() => lowerKernel(spmm, dense, { ...schedule, sums: 'scratch' })).toThrow(/in registers, not in/);
    expect(() =>
      lowerKernel(spmm, dense, { ...spmm.defaultSchedule(dense, leastTarget), panelChannels: 8 }),
    ).toThrow(/in place, not in panels/);
  });
});
