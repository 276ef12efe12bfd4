import { requireToolchain } from '@grim/toolchains';

/** A compiler for AArch64. */
export interface ArmCompiler {
  readonly name: string;
  /** The program and its first operands. */
  readonly command: readonly [program: string, ...operands: string[]];
}

/** Compilers for AArch64 that are installed; clang links with the libraries that gcc brings. */
export function armCompilers(): ArmCompiler[] {
  const gcc = requireToolchain('aarch64Gcc');
  const clang = requireToolchain('clang');
  if (gcc === undefined) return [];
  return [
    ...(clang === undefined
      ? []
      : [{ name: 'clang 19', command: [clang, '--target=aarch64-linux-gnu'] } as const]),
    { name: 'gcc 12', command: [gcc] },
  ];
}
