import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

import { GrimError } from '@grim/ir';

import type { Toolchain } from '../toolchain/toolchain.ts';

/** Where packages put SIMDe. */
const usualFolders = ['/usr/include/simde', '/usr/local/include/simde', '/opt/homebrew/include/simde'];

/** Where `arm_neon.h` comes from: SIMDe, through a header of ours, or the compiler. */
export type NeonHeader =
  | { readonly from: 'simde'; readonly text: string; readonly flags: readonly string[] }
  | { readonly from: 'compiler'; readonly flags: readonly string[] };

/** What AArch64 has and releases of SIMDe before 0.8 lack; those that have it define the names as macros. */
const laterFunctions = `#include <wasm_simd128.h>
#ifndef vdivq_f32
static inline float32x4_t vdivq_f32(float32x4_t left, float32x4_t right) {
  return (float32x4_t)wasm_f32x4_div((v128_t)left, (v128_t)right);
}
#endif
#ifndef vsqrtq_f32
static inline float32x4_t vsqrtq_f32(float32x4_t value) {
  return (float32x4_t)wasm_f32x4_sqrt((v128_t)value);
}
#endif
#ifndef vcopyq_laneq_f32
#define vcopyq_laneq_f32(to, toLane, from, fromLane) \\
  vsetq_lane_f32(vgetq_lane_f32((from), (fromLane)), (to), (toLane))
#endif
`;

/** The text of an `arm_neon.h` that gives SIMDe's functions the names of the intrinsics. */
function headerOver(folder: string): string {
  const header = join(folder, 'arm', 'neon.h').replaceAll('\\', '/');
  return `#ifndef GRIM_ARM_NEON_H
#define GRIM_ARM_NEON_H
#define SIMDE_ENABLE_NATIVE_ALIASES
#include "${header}"
${laterFunctions}#endif
`;
}

/** Whether Emscripten has a copy of SIMDe. Distributions leave its parts out, and the header that includes them there. */
function hasCopy({ kind, compiler }: Toolchain): boolean {
  if (kind !== 'emscripten') return false;
  const folder = join(dirname(realpathSync(compiler)), 'system', 'include', 'compat');
  const header = join(folder, 'arm_neon.h');
  if (!existsSync(header)) return false;
  return existsSync(join(folder, 'neon')) || !readFileSync(header, 'utf8').includes('#include "neon/');
}

/**
 * The `arm_neon.h` of a compilation. SIMDe comes first, so that both kinds of toolchain compute the same; without it Emscripten's own
 * copy is taken.
 *
 * @param folder - SIMDe's folder, if the caller named one.
 * @throws GrimError when there is none, with how to get it.
 */
export function neonHeader(toolchain: Toolchain, folder: string | undefined): NeonHeader {
  const folders = folder === undefined ? usualFolders : [resolve(folder)];
  const found = folders.find((path) => existsSync(join(path, 'arm', 'neon.h')));
  if (found !== undefined) {
    // SIMDe asks for loops to be unrolled that have been replaced by instructions: thousands of warnings.
    return { from: 'simde', text: headerOver(found), flags: ['-Wno-pass-failed'] };
  }
  if (folder === undefined && hasCopy(toolchain)) return { from: 'compiler', flags: ['-mfpu=neon'] };
  throw new GrimError(
    `there is no SIMDe in ${folders.join(', ')}: apt-get install libsimde-dev, or brew install simde`,
  );
}
