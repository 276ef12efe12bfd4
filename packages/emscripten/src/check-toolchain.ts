import { GrimError } from '@grim/ir';

import { compileToWasm } from './compile/compile-to-wasm.ts';
import type { CompileOptions, CompileRequest } from './compile/compile-request.ts';
import { formatDiagnostic } from './compile/format-diagnostic.ts';
import { neonHeader } from './compile/neon-header.ts';
import type { FeatureSupport, Toolchain, ToolchainFeature } from './toolchain/toolchain.ts';

/** What is found out by compiling; `neon`: whether there is an `arm_neon.h`. */
export type CheckedFeature = ToolchainFeature | 'neon';

/** One small program for each feature, that must use it. */
const programs: Readonly<
  Record<CheckedFeature, Omit<CompileRequest, 'sources' | 'exports'> & { readonly text: string }>
> = {
  simd: {
    text: '#include <math.h>\n#include <wasm_simd128.h>\nvoid probe(float *x) { wasm_v128_store(x, wasm_f32x4_sqrt(wasm_v128_load(x))); x[4] = expf(x[4]); }',
  },
  relaxedSimd: {
    text: '#include <wasm_simd128.h>\nvoid probe(float *x) { v128_t y = wasm_v128_load(x); wasm_v128_store(x, wasm_f32x4_relaxed_madd(y, y, y)); }',
    relaxedSimd: true,
  },
  threads: {
    text: '#include <stdatomic.h>\nvoid probe(_Atomic int *x) { atomic_fetch_add(x, 1); }',
    threads: true,
    memory: { origin: 'imported', maximumBytes: 2 ** 20 },
  },
  neon: {
    text: '#include <arm_neon.h>\nvoid probe(float *x) { vst1q_f32(x, vmulq_f32(vld1q_f32(x), vld1q_f32(x))); }',
    neon: true,
  },
};

/** What is missing before anything is compiled. */
function knownLack(
  toolchain: Toolchain,
  feature: CheckedFeature,
  { simde }: CompileOptions,
): string | undefined {
  if (feature !== 'neon') {
    const support = toolchain.features[feature];
    return support.isSupported ? undefined : support.reason;
  }
  try {
    neonHeader(toolchain, simde);
    return undefined;
  } catch (error) {
    if (error instanceof GrimError) return error.message;
    throw error;
  }
}

async function checkFeature(
  toolchain: Toolchain,
  feature: CheckedFeature,
  options: CompileOptions,
): Promise<FeatureSupport> {
  const lack = knownLack(toolchain, feature, options);
  if (lack !== undefined) return { isSupported: false, reason: lack };
  const { text, ...request } = programs[feature];
  const probe = { ...request, sources: ['probe.c'], files: { 'probe.c': text }, exports: ['probe'] };
  const compilation = await compileToWasm(toolchain, probe, options);
  if (compilation.outcome === 'compiled') return { isSupported: true };
  const error = compilation.diagnostics.find(({ severity }) => severity === 'error');
  return { isSupported: false, reason: error ? formatDiagnostic(error) : 'it cannot be compiled' };
}

/**
 * Compiles a small program for each feature: whether a toolchain that was found is complete, too, and not only of the right version.
 *
 * @throws GrimError when the compiler cannot be run or its time is over; the signal's reason when that aborts.
 */
export async function checkToolchain(
  toolchain: Toolchain,
  options: CompileOptions = {},
): Promise<Readonly<Record<CheckedFeature, FeatureSupport>>> {
  return {
    simd: await checkFeature(toolchain, 'simd', options),
    relaxedSimd: await checkFeature(toolchain, 'relaxedSimd', options),
    threads: await checkFeature(toolchain, 'threads', options),
    neon: await checkFeature(toolchain, 'neon', options),
  };
}
