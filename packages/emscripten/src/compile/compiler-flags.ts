import { resolve } from 'node:path';

import type { Toolchain } from '../toolchain/toolchain.ts';
import { clangTarget } from '../toolchain/inspect-compiler.ts';
import { pageBytes } from './check-request.ts';
import type { CompileRequest } from './compile-request.ts';
import type { NeonHeader } from './neon-header.ts';

/** Bytes of the stack unless a request says otherwise. */
const defaultStackBytes = 65_536;

/** Folder of the header over SIMDe, from where the compiler runs. */
export const neonFolder = '../neon';

const toPages = (bytes: number): number => Math.ceil(bytes / pageBytes) * pageBytes;

/** How C is compiled, whatever file it is in. */
export function compilerFlags(toolchain: Toolchain, request: CompileRequest, neon?: NeonHeader): string[] {
  const {
    optimisation = 3,
    simd = true,
    relaxedSimd = false,
    threads = false,
    includeFolders = [],
    defines = {},
    warnings = [],
  } = request;
  return [
    ...(toolchain.kind === 'clang' ? [clangTarget] : []),
    `-O${String(optimisation)}`,
    simd ? '-msimd128' : '-mno-simd128',
    ...(relaxedSimd ? ['-mrelaxed-simd'] : []),
    ...(threads ? ['-matomics', '-mbulk-memory'] : []),
    // Products and sums become one instruction where the source says so, and nowhere else.
    '-ffp-contract=off',
    '-fno-color-diagnostics',
    '-fno-caret-diagnostics',
    ...warnings.map((name) => `-W${name}`),
    '-I.',
    ...includeFolders.map((folder) => `-I${resolve(folder)}`),
    ...(neon?.from === 'simde' ? ['-isystem', neonFolder] : []),
    ...(neon?.flags ?? []),
    ...Object.entries(defines).map(([name, text]) => `-D${name}${text === true ? '' : `=${text}`}`),
  ];
}

/** What both linkers are told, as wasm-ld takes it. */
function linkerFlags({ exports, memory = {}, threads = false }: CompileRequest): string[] {
  const { origin = 'exported' } = memory;
  return [
    ...exports.map((name) => `--export=${name}`),
    '--stack-first',
    ...(origin === 'imported' ? ['--import-memory'] : []),
    ...(threads ? ['--shared-memory'] : []),
  ];
}

/** Settings of emcc have had other names before this version. */
const hasStackSize = (version: string): boolean => {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number);
  return major > 3 || (major === 3 && (minor > 1 || (minor === 1 && patch >= 27)));
};

function emscriptenLink(version: string, request: CompileRequest): string[] {
  const { optimisation = 3, memory = {} } = request;
  const { initialBytes, maximumBytes, stackBytes = defaultStackBytes, origin } = memory;
  const initial = initialBytes === undefined ? undefined : toPages(initialBytes);
  const maximum = maximumBytes === undefined ? undefined : toPages(maximumBytes);
  // Emscripten takes 16 MiB unless told otherwise, which may be more than the memory may have.
  const start = initial ?? (maximum === undefined ? undefined : Math.min(maximum, 2 ** 24));
  const isFixed = maximum !== undefined && maximum === start;
  const growth = [
    'ALLOW_MEMORY_GROWTH=1',
    ...(maximum === undefined ? [] : [`MAXIMUM_MEMORY=${String(maximum)}`]),
  ];
  const settings = [
    // Code alone, without a script around it.
    'STANDALONE_WASM=1',
    `${hasStackSize(version) ? 'STACK_SIZE' : 'TOTAL_STACK'}=${String(stackBytes)}`,
    ...(origin === 'imported' ? ['IMPORTED_MEMORY=1'] : []),
    ...(start === undefined ? [] : [`INITIAL_MEMORY=${String(start)}`]),
    ...(isFixed ? [] : growth),
  ];
  return [
    `-O${String(optimisation)}`,
    '--no-entry',
    ...settings.flatMap((setting) => ['-s', setting]),
    ...linkerFlags(request).map((flag) => `-Wl,${flag}`),
  ];
}

function wasmLink(libraries: readonly string[], request: CompileRequest): string[] {
  const { initialBytes, maximumBytes, stackBytes = defaultStackBytes } = request.memory ?? {};
  return [
    // What Emscripten exports, too: runs constructors, if C has any. Without it every exported function would be wrapped.
    '--entry=_initialize',
    '--strip-debug',
    '-z',
    `stack-size=${String(stackBytes)}`,
    ...linkerFlags(request),
    ...(initialBytes === undefined ? [] : [`--initial-memory=${String(toPages(initialBytes))}`]),
    ...(maximumBytes === undefined ? [] : [`--max-memory=${String(toPages(maximumBytes))}`]),
    ...libraries,
  ];
}

/** The program that links, and what it is told: the objects and the module come first. */
export function linkCommand(
  toolchain: Toolchain,
  request: CompileRequest,
  objects: readonly string[],
  module: string,
): { readonly program: string; readonly operands: readonly string[] } {
  const files = [...objects, '-o', module];
  return toolchain.kind === 'emscripten'
    ? { program: toolchain.compiler, operands: [...files, ...emscriptenLink(toolchain.version, request)] }
    : { program: toolchain.linker, operands: [...files, ...wasmLink(toolchain.libraries, request)] };
}
