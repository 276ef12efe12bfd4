import { describe, expect, it } from 'vitest';

import { kernelFamilies, type ElementType, type KernelCase } from '@grim/kernels';

import type { NeonCapabilities } from '../../src/index.ts';
import { caseInput, caseProgram } from './case-program.ts';
import { crossCompilers, emulator, runEmulated } from './cross-compilers.ts';
import { noise } from './noise.ts';
import { placeBuffers } from './place-buffers.ts';

/** How the cases of all families are compiled and checked. */
export interface FamilyCheck {
  readonly capabilities: NeonCapabilities;
  readonly flags: readonly string[];
  /** Floats in memory. */
  readonly element: ElementType;
  /**
   * Of how many cases, one after the other, each compiler takes one, as compiling all of them twice takes long: gcc that of this
   * number, clang the one after it.
   */
  readonly every: number;
  readonly first: number;
  /** The compilers that do; both unless told. */
  readonly compilers?: readonly ('gcc' | 'clang')[];
  /** Is given a case and the memory that its kernel leaves, see {@link placeBuffers}. */
  readonly check: (tested: KernelCase, memory: Uint8Array) => void;
}

/** Milliseconds that a test may take: all of them compile at the same time, and wait for each other on machines of few cores. */
const TIMEOUT = 600_000;

/** One test per compiler and family that has such floats, of one program each that runs the cases. */
export function describeFamilies(options: FamilyCheck): void {
  const { capabilities, flags, element, every, first, compilers = ['gcc', 'clang'], check } = options;
  const families = kernelFamilies.filter(({ elements }) => elements.includes(element));
  const installed = crossCompilers();
  for (const name of compilers) {
    const compiler = installed[name] ?? [];
    describe.skipIf(compiler.length === 0 || emulator === undefined).concurrent(`by ${name}`, () => {
      it.each(families)('$name', { timeout: TIMEOUT }, async (family) => {
        const remainder = (first + (name === 'gcc' ? 0 : 1)) % every;
        const cases = [...family.cases(noise(3), element)].filter((_, index) => index % every === remainder);
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
      });
    });
  }
}
