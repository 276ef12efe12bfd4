import { GrimError } from '@grim/ir';

import { candidatesAt, candidatesIn } from './candidates.ts';
import { inspectCompiler, type Unusable } from './inspect-compiler.ts';
import type { Toolchain, ToolchainKind } from './toolchain.ts';

/** Where {@link findToolchain} looks. */
export interface ToolchainSearch {
  /**
   * The compiler (`emcc` or `clang`), or a folder with one: an emsdk, Emscripten, a WASI SDK, a folder of programs. Nothing else is
   * looked at when this is given.
   */
  readonly path?: string;
  /** The one kind that will do; either when absent, Emscripten first. */
  readonly kind?: ToolchainKind;
  /** Environment variables: `EMSDK`, `WASI_SDK_PATH` and `PATH` are read (default `process.env`). */
  readonly environment?: NodeJS.ProcessEnv;
  /** How long a compiler may take to say what it is, in milliseconds (default 30000: emcc may be slow the first time). */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

const remedies: Readonly<Record<ToolchainKind, string>> = {
  emscripten:
    'Emscripten: apt-get install emscripten, brew install emscripten, or https://emscripten.org/docs/getting_started/downloads.html',
  clang:
    'clang: apt-get install clang-19 lld-19 wasi-libc libclang-rt-19-dev-wasm32 (any version from 13), or https://github.com/WebAssembly/wasi-sdk',
};

function notFound({ path, kind }: ToolchainSearch, problems: readonly Unusable[]): GrimError {
  const looked = path === undefined ? 'EMSDK, WASI_SDK_PATH and PATH' : path;
  const wanted = kind ?? 'no toolchain';
  const found = problems.map(({ compiler, problem }) => `${compiler}: ${problem}`).join('; ');
  const how = (kind === undefined ? Object.values(remedies) : [remedies[kind]]).join('; or ');
  return new GrimError(
    `${kind === undefined ? wanted : `no ${wanted} toolchain`} that compiles C to WebAssembly in ${looked}` +
      `${found === '' ? '' : ` (${found})`}; to get one, ${how}`,
  );
}

/**
 * Finds a toolchain that compiles C to WebAssembly: the first usable one of `EMSDK`, `WASI_SDK_PATH`, `emcc` on `PATH`, and the clangs
 * on `PATH` that have a WebAssembly linker and a C library.
 *
 * @returns The toolchain, with what its version supports.
 * @throws GrimError when there is none, with what is missing of those that were found and how to get one; the signal's reason
 * when that aborts.
 */
export async function findToolchain(search: ToolchainSearch = {}): Promise<Toolchain> {
  const { path, kind, environment = process.env, timeoutMs = 30_000, signal } = search;
  const candidates = path === undefined ? candidatesIn(environment) : candidatesAt(path);
  const problems: Unusable[] = [];
  for (const candidate of candidates) {
    // The same program by another name, or one whose name says that it is of the other kind.
    if (kind !== undefined && candidate.kind !== kind && path === undefined) continue;
    if (problems.some(({ compiler }) => compiler === candidate.compiler)) continue;
    const found = await inspectCompiler(candidate, { environment, timeoutMs, signal });
    if ('problem' in found) problems.push(found);
    else if (kind === undefined || found.kind === kind) return found;
    else problems.push({ compiler: found.compiler, problem: `it is ${found.kind}` });
  }
  throw notFound(search, problems);
}
