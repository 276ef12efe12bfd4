import { findToolchain, type Toolchain } from '@grim/emscripten';
import { requireToolchain } from '@grim/toolchains';

/** Programs and libraries without which intrinsics cannot be compiled to WebAssembly. */
const needed = {
  clang: ['clang', 'wasmLinker', 'wasiLibc', 'wasmCompilerRt', 'simde'],
  emscripten: ['emcc', 'simde'],
} as const;

/** A toolchain that compiles intrinsics to WebAssembly, or undefined where it is missing and its tests may be skipped. */
export async function wasmToolchain(kind: keyof typeof needed): Promise<Toolchain | undefined> {
  const paths = needed[kind].map((name) => requireToolchain(name));
  const [compiler] = paths;
  return compiler === undefined || paths.includes(undefined)
    ? undefined
    : findToolchain({ kind, path: compiler });
}
