import { beforeAll, describe, it } from 'vitest';

import { kernelFamilies, type KernelCase } from '@grim/kernels';

import { neonProfiles, renderKernel, strict, type NeonCapabilities } from '../src/index.ts';
import { expectClose } from './support/expect-close.ts';
import { expectSameBytes } from './support/interpreted-case.ts';
import { noise } from './support/noise.ts';
import { compileKernels, type RunCase } from './support/wasm-kernels.ts';
import { wasmToolchain } from './support/wasm-toolchain.ts';

/** How the C text of all families is run in WebAssembly, its intrinsics by way of SIMDe. */
interface Run {
  readonly kind: 'clang' | 'emscripten';
  readonly capabilities: NeonCapabilities;
  /** Of every family each case whose number is a multiple of this: compiling takes long. */
  readonly step: number;
  readonly check: (tested: KernelCase, memory: Uint8Array) => void;
}

const fused = neonProfiles['cortex-a76'];

/**
 * SIMDe multiplies and adds vectors in two steps where WebAssembly has no fused instruction: the fused text gives the bits of the
 * strict one, but where a scalar is computed by `fmaf`, which rounds once.
 */
function expectTwoRoundings(tested: KernelCase, memory: Uint8Array): void {
  const isRoundedOnce = renderKernel(tested.kernel, fused).includes('fmaf(');
  (isRoundedOnce ? expectClose : expectSameBytes)(tested, memory);
}

const runs: readonly Run[] = [
  { kind: 'clang', capabilities: strict(fused), step: 6, check: expectSameBytes },
  { kind: 'emscripten', capabilities: strict(fused), step: 32, check: expectSameBytes },
  { kind: 'clang', capabilities: fused, step: 24, check: expectTwoRoundings },
];

for (const { kind, capabilities, step, check } of runs) {
  const toolchain = await wasmToolchain(kind);
  describe.skipIf(toolchain === undefined)(
    `every kernel family in WebAssembly by ${kind}, multiply-adds ${capabilities.multiplyAdd}`,
    () => {
      const casesOf = new Map(
        kernelFamilies.map(({ name, cases }) => [
          name,
          [...cases(noise(3))].filter((_, index) => index % step === 0),
        ]),
      );
      let run: RunCase;
      beforeAll(async () => {
        const all = [...casesOf.values()].flat();
        const kernels = new Map(all.map(({ kernel }) => [kernel.name, kernel]));
        if (toolchain) run = await compileKernels(toolchain, kernels, capabilities);
      });

      it.each([...casesOf.keys()])('%s', (family) => {
        for (const tested of casesOf.get(family) ?? []) check(tested, run(tested));
      });
    },
  );
}
