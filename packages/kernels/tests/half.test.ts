import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  add,
  binary,
  compare,
  convert,
  divide,
  float,
  fromHalves,
  halfUse,
  integer,
  interpretKernel,
  KernelBuilder,
  LARGEST_HALF,
  load,
  loadSplat,
  loadStrided,
  multiplyAdd,
  narrow,
  roundToHalf,
  select,
  shuffle,
  SMALLEST_NORMAL_HALF,
  splat,
  toHalves,
  unary,
  widen,
  type Expression,
  type Kernel,
} from '../src/index.ts';
import { fusedMultiplyAdd } from '../src/kernel-ir/fused-multiply-add.ts';

const allBits = Uint16Array.from({ length: 65536 }, (_, bits) => bits);
const isNaNBits = (bits: number): boolean => (bits & 0x7fff) > 0x7c00;

/** The value of a half by the definition of the format. */
function defined(bits: number): number {
  const sign = bits >> 15 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = (bits & 1023) / 1024;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return exponent === 0 ? sign * fraction * 2 ** -14 : sign * (1 + fraction) * 2 ** (exponent - 15);
}

/** All finite halves that are not negative, in order. */
const ladder = [...allBits.subarray(0, 0x7c00)].map(defined);

describe('halves as bits', () => {
  it('have the value that the format gives them, and every one comes back', () => {
    const values = fromHalves(allBits);
    const wrong = [...allBits].filter((bits) => !Object.is(values[bits], defined(bits)));
    expect(wrong).toEqual([]);
    const back = toHalves(values);
    const lost = [...allBits].filter((bits) => back[bits] !== (isNaNBits(bits) ? 0x7e00 : bits));
    expect(lost).toEqual([]);
  });
});

describe('rounding to halves', () => {
  it('leaves every half as it is', () => {
    const changed = [...allBits].filter((bits) => !Object.is(roundToHalf(defined(bits)), defined(bits)));
    expect(changed).toEqual([]);
  });

  it('takes the nearer neighbour, and of two as near the even one', () => {
    ladder.slice(0, -1).forEach((lower, bits) => {
      const upper = ladder[bits + 1] ?? NaN;
      const middle = (lower + upper) / 2;
      const nudge = middle * 2 ** -50;
      const expected = [lower, bits % 2 === 0 ? lower : upper, upper];
      const rounded = [middle - nudge, middle, middle + nudge].map(roundToHalf);
      if (!rounded.every((value, index) => value === expected[index])) {
        expect.fail(`between ${lower} and ${upper}: ${rounded.join(', ')}`);
      }
      expect(roundToHalf(-middle)).toBe(expected[1] === 0 ? -0 : -(expected[1] ?? NaN));
    });
  });

  it('overflows from half a step above the largest half on, and underflows to zero of the same sign', () => {
    expect(roundToHalf(65519.999)).toBe(LARGEST_HALF);
    expect(roundToHalf(65520)).toBe(Infinity);
    expect(roundToHalf(-1e30)).toBe(-Infinity);
    expect(roundToHalf(2 ** -25)).toBe(0);
    expect(roundToHalf(-(2 ** -26))).toBe(-0);
    expect(roundToHalf(2 ** -25 * 1.0001)).toBe(2 ** -24);
    expect(SMALLEST_NORMAL_HALF).toBe(defined(0x0400));
  });
});

/** Exactly `left · right + addend` of halves in steps of 2⁻⁴⁸, rounded to a half by comparing with the ladder. */
function exactFused(left: number, right: number, addend: number): number {
  const scaled = (value: number, steps: number): bigint => BigInt(value * 2 ** steps);
  const exact = scaled(left, 24) * scaled(right, 24) + (scaled(addend, 24) << 24n);
  const magnitude = exact < 0n ? -exact : exact;
  let [low, high] = [0, ladder.length];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (scaled(ladder[middle] ?? NaN, 24) << 24n <= magnitude) low = middle;
    else high = middle;
  }
  const below = scaled(ladder[low] ?? NaN, 24) << 24n;
  const above = high === ladder.length ? 65536n << 48n : scaled(ladder[high] ?? NaN, 24) << 24n;
  const isUp =
    magnitude - below > above - magnitude || (magnitude - below === above - magnitude && low % 2 === 1);
  const value = isUp ? (high === ladder.length ? Infinity : (ladder[high] ?? NaN)) : (ladder[low] ?? NaN);
  return exact < 0n ? -value : value;
}

describe('fused multiply-adds', () => {
  const half = fc
    .integer({ min: 0, max: 0x7bff })
    .chain((bits) => fc.constantFrom(defined(bits), -defined(bits)));

  it('of halves are those of exact arithmetic, rounded once', () => {
    fc.assert(
      fc.property(half, half, half, (left, right, addend) => {
        const value = roundToHalf(fusedMultiplyAdd(left, right, addend));
        expect(value + 0).toBe(exactFused(left, right, addend) + 0);
      }),
      { numRuns: 20_000 },
    );
  });

  it('of floats do not round twice', () => {
    // The product is 1 − 2⁻⁴⁶. With 2²⁴ + 2 that is just below a tie of floats, which is what the double nearest to it is.
    const [left, right, addend] = [1 + 2 ** -23, 1 - 2 ** -23, 2 ** 24 + 2];
    expect(Math.fround(left * right + addend)).toBe(addend + 2);
    expect(Math.fround(fusedMultiplyAdd(left, right, addend))).toBe(addend);
    expect(Math.fround(fusedMultiplyAdd(-left, right, -addend))).toBe(-addend);
    expect(fusedMultiplyAdd(0, 5, -0)).toBe(0);
    expect(fusedMultiplyAdd(1e30, 1e30, -Infinity)).toBe(-Infinity);
    expect(fusedMultiplyAdd(Infinity, 0, 1)).toBeNaN();
  });
});

/** Interprets one expression of what lies in `input` and returns the bytes that storing it writes. */
function evaluate(
  value: Expression,
  input: ArrayBufferView,
  options: { memory?: 'f16'; multiplyAdd?: 'separate' | 'fused' } = {},
): { bytes: Uint8Array; kernel: Kernel } {
  const builder = new KernelBuilder();
  builder.buffer('input', 'read');
  builder.buffer('output', 'write');
  builder.store('output', integer(0), 0, value, options.memory);
  const kernel = builder.build('sample', 'a sample');
  const bytes = new Uint8Array(32);
  interpretKernel(
    kernel,
    {
      input: { memory: new Uint8Array(input.buffer, input.byteOffset, input.byteLength), offset: 0 },
      output: { memory: bytes, offset: 0 },
    },
    { multiplyAdd: options.multiplyAdd ?? 'separate' },
  );
  return { bytes, kernel };
}

const zero = integer(0);
const halvesOf = (value: Expression, input: ArrayBufferView, multiplyAdd?: 'fused'): number[] => [
  ...fromHalves(
    new Uint16Array(evaluate(value, input, multiplyAdd ? { multiplyAdd } : {}).bytes.buffer, 0, 8),
  ),
];
const floatsOf = (value: Expression, input: ArrayBufferView): number[] => [
  ...new Float32Array(evaluate(value, input).bytes.buffer, 0, 4),
];

describe('kernels with halves', () => {
  const numbers = [1, -2.5, 0.333251953125, 60000, 2 ** -20, 3, -0.1000366210937, 1024].map(roundToHalf);
  const input = toHalves([...numbers, ...numbers.map((value) => roundToHalf(value / 3))]);
  const x = load('f16x8', 'input', zero);
  const y = load('f16x8', 'input', zero, 16);
  const thirds = numbers.map((value) => roundToHalf(value / 3));

  it('round after every operation', () => {
    expect(halvesOf(add(x, y), input)).toEqual(numbers.map((a, i) => roundToHalf(a + (thirds[i] ?? 0))));
    expect(halvesOf(divide(x, y), input)).toEqual(numbers.map((a, i) => roundToHalf(a / (thirds[i] ?? 0))));
    expect(halvesOf(unary('sqrt', unary('abs', x)), input)).toEqual(
      numbers.map((a) => roundToHalf(Math.sqrt(Math.abs(a)))),
    );
    expect(halvesOf(multiplyAdd(x, y, x), input)).toEqual(
      numbers.map((a, i) => roundToHalf(roundToHalf(a * (thirds[i] ?? 0)) + a)),
    );
    expect(halvesOf(multiplyAdd(x, y, x), input, 'fused')).toEqual(
      numbers.map((a, i) => roundToHalf(a * (thirds[i] ?? 0) + a)),
    );
  });

  it('compare and select by lanes', () => {
    const isNegative = compare('lt', x, float(0, 'f16x8'));
    expect(isNegative.type).toBe('i16x8');
    expect(halvesOf(select(isNegative, y, x), input)).toEqual(
      numbers.map((a, i) => (a < 0 ? (thirds[i] ?? 0) : a)),
    );
    expect(() => halvesOf(binary('and', isNegative, isNegative), input)).toThrow(
      /and is not defined for i16x8/,
    );
  });

  it('move lanes', () => {
    expect(halvesOf(shuffle(x, y, [0, 2, 4, 6, 8, 10, 12, 15]), input)).toEqual(
      [0, 2, 4, 6].map((i) => numbers[i]).concat([0, 2, 4, 7].map((i) => thirds[i])),
    );
    expect(halvesOf(loadSplat('input', zero, 2, 'f16x8'), input)).toEqual(numbers.map(() => -2.5));
    expect(halvesOf(splat(load('f16', 'input', zero, 2)), input)).toEqual(numbers.map(() => -2.5));
    expect(halvesOf(loadStrided('input', zero, 0, 4, 3, 'f16x8'), input)).toEqual([
      numbers[0],
      numbers[2],
      numbers[4],
      ...[0, 0, 0, 0, 0],
    ]);
  });

  it('widen and narrow, in values and in memory', () => {
    expect(floatsOf(widen(x, 'high'), input)).toEqual(numbers.slice(4));
    expect(halvesOf(narrow(widen(x, 'high'), widen(x, 'low')), input)).toEqual([
      ...numbers.slice(4),
      ...numbers.slice(0, 4),
    ]);
    expect(floatsOf(load('f32x4', 'input', zero, 0, 'f16'), input)).toEqual(numbers.slice(0, 4));
    expect(floatsOf(loadSplat('input', zero, 2, 'f32x4', 'f16'), input)).toEqual([-2.5, -2.5, -2.5, -2.5]);
    const strided = loadStrided('input', zero, 0, 6, 2, 'f32x4', 'f16');
    expect(floatsOf(strided, input)).toEqual([numbers[0], numbers[3], 0, 0]);
    const floats = Float32Array.of(1 / 3, 1e9, -1e-9, 7);
    const { bytes } = evaluate(load('f32x4', 'input', zero), floats, { memory: 'f16' });
    expect([...fromHalves(new Uint16Array(bytes.buffer, 0, 4))]).toEqual([...floats].map(roundToHalf));
    expect([...bytes.subarray(8)].every((byte) => byte === 0)).toBe(true);
    const scalar = convert('f16', load('f32', 'input', zero));
    expect(fromHalves(new Uint16Array(evaluate(scalar, floats).bytes.buffer, 0, 1))[0]).toBe(
      roundToHalf(1 / 3),
    );
  });

  it('say whether they compute with halves, or have them in memory only', () => {
    const use = (value: Expression): object => halfUse(evaluate(value, input).kernel);
    expect(use(load('f32x4', 'input', zero))).toEqual({ memory: false, arithmetic: false });
    expect(use(load('f32x4', 'input', zero, 0, 'f16'))).toEqual({ memory: true, arithmetic: false });
    expect(use(widen(x, 'low'))).toEqual({ memory: false, arithmetic: true });
  });
});
