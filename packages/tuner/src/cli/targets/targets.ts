import type { CompileTarget } from './compile-target.ts';
import { neonTarget } from './neon-target.ts';
import { openclTarget } from './opencl-target.ts';
import { wasmTarget } from './wasm-target.ts';

/** What `grim compile` compiles for, by the name that `--target` takes. */
export const targets: Readonly<Record<string, CompileTarget>> = {
  wasm: wasmTarget,
  neon: neonTarget,
  opencl: openclTarget,
};
