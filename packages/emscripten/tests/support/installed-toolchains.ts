import { findToolchain, type Toolchain, type ToolchainKind } from '@grim/emscripten';
import { requireToolchain } from '@grim/toolchains';

/** Programs without which a kind of toolchain is not tested. */
const needed = {
  emscripten: ['emcc', 'simde'],
  clang: ['clang', 'wasmLinker', 'wasiLibc', 'wasmCompilerRt', 'simde'],
} as const satisfies Record<ToolchainKind, readonly Parameters<typeof requireToolchain>[0][]>;

/** The toolchains that are installed here, by kind; one that is missing lets its tests be skipped. */
export async function installedToolchains(): Promise<Readonly<Record<ToolchainKind, Toolchain | undefined>>> {
  const find = async (kind: ToolchainKind): Promise<Toolchain | undefined> => {
    const paths = needed[kind].map((name) => requireToolchain(name));
    const [compiler] = paths;
    return compiler === undefined || paths.includes(undefined)
      ? undefined
      : findToolchain({ kind, path: compiler });
  };
  return { emscripten: await find('emscripten'), clang: await find('clang') };
}
