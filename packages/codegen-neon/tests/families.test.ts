import { describe, expect, it } from 'vitest';

import { interpretKernel, kernelFamilies, type BufferPointer, type KernelCase } from '@grim/kernels';

import { neonProfiles, strict, type NeonCapabilities } from '../src/index.ts';
import { caseInput, caseProgram } from './support/case-program.ts';
import { crossCompilers, emulator, runEmulated } from './support/cross-compilers.ts';
import { noise } from './support/noise.ts';
import { placeBuffers } from './support/place-buffers.ts';

const profile = neonProfiles['cortex-a76'];

/**
 * What one rounding in place of two may change, relative to the larger of 1 and the value by the family's definition in double
 * precision: the bound that relaxed WebAssembly is held to as well.
 */
const FUSED_TOLERANCE = 5e-5;

/** The memory of a case after its kernel was interpreted. */
function interpreted({ kernel, buffers }: KernelCase): Uint8Array {
  const { memory, addresses } = placeBuffers(kernel, buffers);
  const pointers: Record<string, BufferPointer> = {};
  kernel.buffers.forEach(({ name }, index) => {
    pointers[name] = { memory, offset: addresses[index] ?? 0 };
  });
  interpretKernel(kernel, pointers);
  return memory;
}

/** Runs all cases in one program and calls `check` with the memory of each afterwards. */
function runCases(
  cases: readonly KernelCase[],
  compiler: readonly string[],
  flags: readonly string[],
  capabilities: NeonCapabilities,
  check: (tested: KernelCase, memory: Uint8Array) => void,
): void {
  const output = runEmulated(
    compiler,
    flags,
    { 'cases.c': caseProgram(cases, capabilities) },
    caseInput(cases),
  );
  let start = 0;
  for (const tested of cases) {
    const { length } = placeBuffers(tested.kernel, tested.buffers).memory;
    check(tested, output.slice(start, start + length));
    start += length;
  }
  expect(start).toBe(output.length);
}

function expectSameBytes(tested: KernelCase, memory: Uint8Array): void {
  const expected = interpreted(tested);
  const difference = memory.findIndex((byte, index) => byte !== expected[index]);
  expect(difference, `${tested.name} (${tested.kernel.name}): first differing byte`).toBe(-1);
}

function expectClose({ name, kernel, buffers, expected }: KernelCase, memory: Uint8Array): void {
  const { addresses } = placeBuffers(kernel, buffers);
  kernel.buffers.forEach(({ name: buffer }, index) => {
    const values = expected[buffer] ?? new Float32Array();
    const actual = new Float32Array(memory.buffer, addresses[index], values.length);
    values.forEach((value, at) => {
      // NaN stands where anything may be written.
      if (Number.isNaN(value)) return;
      const difference = Math.abs((actual[at] ?? NaN) - value) / Math.max(1, Math.abs(value));
      if (difference < FUSED_TOLERANCE || actual[at] === value) return;
      expect.fail(`${name} (${kernel.name}): ${buffer}[${at}] is ${actual[at] ?? NaN}, expected ${value}`);
    });
  });
}

for (const [compilerName, compiler = []] of Object.entries(crossCompilers())) {
  describe.skipIf(compiler.length === 0 || emulator === undefined)(
    `every kernel family, by ${compilerName}`,
    () => {
      describe('multiply-adds in two steps give bit for bit what the interpreter computes', () => {
        for (const family of kernelFamilies) {
          it(family.name, () => {
            const cases = [...family.cases(noise(3))];
            runCases(cases, compiler, ['-O1'], strict(profile), expectSameBytes);
          });
        }
      });

      describe('fused multiply-adds stay close to the definition', () => {
        for (const family of kernelFamilies) {
          it(family.name, () => {
            const cases = [...family.cases(noise(5))];
            runCases(cases, compiler, ['-O1', `-mcpu=${profile.processor}`], profile, expectClose);
          });
        }
      });
    },
  );
}
