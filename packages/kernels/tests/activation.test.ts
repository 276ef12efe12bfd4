import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { evaluateActivation, type Activation } from '@grim/ir';

import { elementwise, interpretKernel, lowerKernel } from '../src/index.ts';

/** Applies an activation to values through the interpreted kernel. */
function applyKernel(activation: Activation, values: readonly number[]): Float32Array {
  const kernel = lowerKernel(elementwise, {
    extents: [values.length],
    operandStrides: [[1]],
    outputStrides: [1],
    expression: { kind: 'unary', activation, x: { kind: 'operand', index: 0 } },
    outputSlack: 0,
  });
  const input = new Float32Array(values.length + 4);
  input.set(values);
  const output = new Float32Array(values.length);
  const bytes = (array: Float32Array): Uint8Array => new Uint8Array(array.buffer);
  interpretKernel(kernel, {
    operand0: { memory: bytes(input), offset: 0 },
    output: { memory: bytes(output), offset: 0 },
  });
  return output;
}

/** Distance between neighbouring 32-bit floats at a value. */
function unitInLastPlace(value: number): number {
  const exponent = Math.max(-126, Math.floor(Math.log2(Math.abs(value) || Number.MIN_VALUE)));
  return 2 ** (exponent - 23);
}

const special = [
  0,
  -0,
  1,
  -1,
  Infinity,
  -Infinity,
  NaN,
  1e-45,
  -1e-45,
  1e-38,
  3.4e38,
  -3.4e38,
  88.7,
  88.8,
  -87.4,
  -103.9,
  -104.1,
];

/** The documented error of each function: `units` in the last place, or `absolute` where that is larger. */
const documented: readonly { activation: Activation; units: number; absolute: number }[] = [
  { activation: { function: 'abs' }, units: 0, absolute: 0 },
  { activation: { function: 'exp' }, units: 2, absolute: 0 },
  { activation: { function: 'hardSigmoid' }, units: 1, absolute: 1e-7 },
  { activation: { function: 'hardSwish' }, units: 2, absolute: 3e-7 },
  { activation: { function: 'leakyRelu', alpha: 0.2 }, units: 1, absolute: 0 },
  { activation: { function: 'log' }, units: 2, absolute: 0 },
  { activation: { function: 'neg' }, units: 0, absolute: 0 },
  { activation: { function: 'relu' }, units: 0, absolute: 0 },
  // Where e⁻ˣ overflows the result is 0 instead of a denormal number.
  { activation: { function: 'sigmoid' }, units: 4, absolute: 2 ** -128 },
  { activation: { function: 'sqrt' }, units: 0.5, absolute: 0 },
  { activation: { function: 'square' }, units: 0.5, absolute: 0 },
  { activation: { function: 'tanh' }, units: 5, absolute: 0 },
];

function check(
  { activation, units, absolute }: (typeof documented)[number],
  values: readonly number[],
): void {
  const results = applyKernel(activation, values);
  values.forEach((raw, index) => {
    const x = Math.fround(raw);
    const exact = evaluateActivation(activation, x);
    const actual = results[index] ?? 0;
    const rounded = Math.fround(exact);
    if (Object.is(actual, rounded) || (Number.isNaN(actual) && Number.isNaN(exact))) return;
    const allowed = Math.max(absolute, units * unitInLastPlace(exact));
    const label = `${activation.function}(${String(x)}) = ${String(actual)}, exactly ${String(exact)}`;
    expect(Math.abs(actual - exact), label).toBeLessThanOrEqual(allowed);
  });
}

describe('activations in kernels', () => {
  for (const row of documented) {
    it(`${row.activation.function} is right for special values`, () => {
      check(row, special);
    });

    it(`${row.activation.function} keeps its documented error`, () => {
      const value = fc.oneof(
        fc.float({ noNaN: true, noDefaultInfinity: true }),
        fc.float({ min: -20, max: 20, noNaN: true }),
        fc.float({ min: -1, max: 1, noNaN: true }),
      );
      const values = fc.array(value, { minLength: 1, maxLength: 64 });
      fc.assert(
        fc.property(values, (samples) => {
          check(row, samples);
        }),
        { numRuns: 150 },
      );
    });
  }
});
