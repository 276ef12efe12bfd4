import { GrimError } from '@grim/ir/program';

/**
 * The smallest module that uses each WebAssembly feature a plan may name, under the names LLVM gives them. An engine
 * has the feature when it accepts the module.
 */
export const featureProbes: Readonly<Record<string, readonly number[]>> = {
  // (module (memory 1 1 shared))
  atomics: [0, 97, 115, 109, 1, 0, 0, 0, 5, 4, 1, 3, 1, 1],
  // (module (memory 0) (func (memory.fill (i32.const 0) (i32.const 0) (i32.const 0))))
  'bulk-memory': [
    0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 5, 3, 1, 0, 0, 10, 13, 1, 11, 0, 65, 0, 65, 0,
    65, 0, 252, 11, 0, 11,
  ],
  // (module (func (drop (i32.trunc_sat_f32_s (f32.const 0)))))
  'nontrapping-fptoint': [
    0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 10, 12, 1, 10, 0, 67, 0, 0, 0, 0, 252, 0, 26,
    11,
  ],
  // (module (func (param v128) (drop (f32x4.relaxed_madd (local.get 0) (local.get 0) (local.get 0)))))
  'relaxed-simd': [
    0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 1, 123, 0, 3, 2, 1, 0, 10, 14, 1, 12, 0, 32, 0, 32, 0, 32, 0,
    253, 133, 2, 26, 11,
  ],
  // (module (func (drop (i32.extend8_s (i32.const 0)))))
  'sign-ext': [
    0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 10, 8, 1, 6, 0, 65, 0, 192, 26, 11,
  ],
  // (module (func (param v128) (drop (f32x4.add (local.get 0) (local.get 0)))))
  simd128: [
    0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 1, 123, 0, 3, 2, 1, 0, 10, 12, 1, 10, 0, 32, 0, 32, 0, 253, 228,
    1, 26, 11,
  ],
};

/** The first of `features` that this engine lacks or this release does not know; `undefined` when there is none. */
export function missingFeature(features: readonly string[]): string | undefined {
  return features.find((feature) => {
    const probe = probeOf(feature);
    return !probe || !WebAssembly.validate(Uint8Array.from(probe));
  });
}

/** Throws a {@link GrimError} naming the first of `features` that this engine lacks. */
export function requireFeatures(features: readonly string[]): void {
  const missing = missingFeature(features);
  if (missing === undefined) return;
  const problem = probeOf(missing) ? 'this engine does not support' : 'this release does not know';
  throw new GrimError(`needs the WebAssembly feature ${missing}, which ${problem}`);
}

function probeOf(feature: string): readonly number[] | undefined {
  return Object.hasOwn(featureProbes, feature) ? featureProbes[feature] : undefined;
}
