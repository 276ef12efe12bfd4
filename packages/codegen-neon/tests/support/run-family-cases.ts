import { describe, expect, it } from 'vitest';

import { kernelFamilies, type KernelCase } from '@grim/kernels';

import type { NeonCapabilities } from '../../src/index.ts';
import { caseInput, caseProgram } from './case-program.ts';
import { crossCompilers, emulator, runEmulated } from './cross-compilers.ts';
import { noise } from './noise.ts';
import { placeBuffers } from './place-buffers.ts';

/** How the cases of all families are compiled and checked. */
export interface FamilyCheck {
  readonly capabilities: NeonCapabilities;
  readonly flags: readonly string[];
  /** The compiler that takes cases of even numbers; the other one takes the rest, as compiling both halves twice takes long. */
  readonly evenCases: 'gcc' | 'clang';
  /** Is given a case and the memory that its kernel leaves, see {@link placeBuffers}. */
  readonly check: (tested: KernelCase, memory: Uint8Array) => void;
}

/** Milliseconds that a test may take: all of them compile at the same time, and wait for each other on machines of few cores. */
const TIMEOUT = 600_000;

/** One test per compiler and family, of one program each that runs the cases. */
export function describeFamilies({ capabilities, flags, evenCases, check }: FamilyCheck): void {
  for (const [name, compiler = []] of Object.entries(crossCompilers())) {
    describe.skipIf(compiler.length === 0 || emulator === undefined).concurrent(`by ${name}`, () => {
      it.each(kernelFamilies)(
        '$name',
        async (family) => {
          const remainder = name === evenCases ? 0 : 1;
          const cases = [...family.cases(noise(3))].filter((_, index) => index % 2 === remainder);
          const output = await runEmulated(
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
        },
        TIMEOUT,
      );
    });
  }
}
