import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { neonProfiles, renderProgram, strict } from '@grim/codegen-neon';
import type { Program } from '@grim/kernels';
import type { CLibrary } from '../../src/index.ts';

/** SIMDe implements the intrinsics on any processor. */
const neonHeader = '#define SIMDE_ENABLE_NATIVE_ALIASES\n#include <simde/arm/neon.h>\n';

/** A program that was compiled for this processor. */
export interface NativeLibrary {
  /** Path of the shared library. */
  readonly path: string;
  /** Contents of the file of weights; absent where they are in the library. */
  readonly weights?: Uint8Array;
  readonly code: CLibrary;
}

/**
 * Writes a program as C with NEON intrinsics and compiles it to a shared library for this processor, strict.
 *
 * @param compiler - Path of clang.
 * @param folder - Where to; the caller's.
 */
export function compileNative(
  compiler: string,
  folder: string,
  program: Program,
  { prefix, weights }: Pick<CLibrary, 'prefix' | 'weights'>,
): NativeLibrary {
  const files = renderProgram(program, strict(neonProfiles['cortex-a76']), { prefix, weights });
  for (const [name, content] of files) writeFileSync(join(folder, name), content);
  mkdirSync(join(folder, 'include'));
  writeFileSync(join(folder, 'include/arm_neon.h'), neonHeader);
  const sources = [...files.keys()].filter((name) => name.endsWith('.c'));
  const path = join(folder, `lib${prefix}.so`);
  const flags = ['-std=gnu11', '-O1', '-w', '-shared', '-fPIC', '-isystem', 'include'];
  execFileSync(compiler, [...flags, ...sources, '-o', path, '-lm'], { cwd: folder });

  const header = String(files.get(`${prefix}.h`));
  const bytesOf = (name: string): number =>
    Number(new RegExp(`#define ${prefix.toUpperCase()}_${name}_BYTES (\\d+)`).exec(header)?.[1]);
  const binary = files.get(`${prefix}_weights.bin`);
  return {
    path,
    ...(binary instanceof Uint8Array && { weights: binary }),
    code: { kind: 'c', prefix, weights, contextBytes: bytesOf('CONTEXT'), weightBytes: bytesOf('WEIGHT') },
  };
}
