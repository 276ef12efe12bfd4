import { existsSync } from 'node:fs';
import { basename, dirname, isAbsolute, join } from 'node:path';

import { runProcess, type ProcessResult } from '../process/run-process.ts';
import { isProgram, pathFolders, type Candidate } from './candidates.ts';
import type { ClangToolchain, EmscriptenToolchain, Toolchain } from './toolchain.ts';
import { versionFeatures, type Version } from './version-features.ts';

/** How programs are run to ask them about themselves. */
export interface Inspection {
  readonly environment: NodeJS.ProcessEnv;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** A compiler that cannot be used, and why. */
export interface Unusable {
  readonly compiler: string;
  readonly problem: string;
}

/** The triple that clang compiles for: WASI's C library has the headers and the mathematical functions. */
export const clangTarget = '--target=wasm32-wasi';

const firstLine = (text: string): string => text.trim().split('\n', 1)[0]?.trim() ?? '';

function versionIn(text: string, pattern: RegExp): Version | undefined {
  const found = pattern.exec(text);
  return found ? [Number(found[1]), Number(found[2]), Number(found[3])] : undefined;
}

/** Asks a program something; nothing where it fails. */
async function ask(
  program: string,
  operands: readonly string[],
  inspection: Inspection,
): Promise<ProcessResult | undefined> {
  const result = await runProcess({ program, operands, folder: dirname(program), ...inspection });
  return result.status === 0 ? result : undefined;
}

/** The linker of a clang: beside it under the same version, on the path likewise, or the one that clang itself names. */
async function findLinker(compiler: string, inspection: Inspection): Promise<string | undefined> {
  const name = basename(compiler).replace('clang', 'wasm-ld');
  const places = [dirname(compiler), ...pathFolders(inspection.environment)].map((folder) =>
    join(folder, name),
  );
  const named = await ask(compiler, ['-print-prog-name=wasm-ld'], inspection);
  return [...places, firstLine(named?.output ?? '')].find((path) => isAbsolute(path) && isProgram(path));
}

function inspectEmscripten({ compiler, foundBy }: Candidate, output: string): EmscriptenToolchain | Unusable {
  const version = versionIn(output, /emcc \(Emscripten[^\n]*?\) (\d+)\.(\d+)\.(\d+)/);
  if (!version) return { compiler, problem: `its version is not known: ${firstLine(output)}` };
  const features = versionFeatures('emscripten', version);
  if (!features.simd.isSupported) return { compiler, problem: features.simd.reason };
  return {
    kind: 'emscripten',
    compiler,
    version: version.join('.'),
    versions: [firstLine(output)],
    foundBy,
    features,
  };
}

async function inspectClang(
  { compiler, foundBy }: Candidate,
  output: string,
  inspection: Inspection,
): Promise<ClangToolchain | Unusable> {
  const version = versionIn(output, /clang version (\d+)\.(\d+)\.(\d+)/);
  if (!version) return { compiler, problem: `its version is not known: ${firstLine(output)}` };
  const features = versionFeatures('clang', version);
  if (!features.simd.isSupported) return { compiler, problem: features.simd.reason };
  const targets = await ask(compiler, ['--print-targets'], inspection);
  if (!/\bwasm32\b/.test(targets?.output ?? '')) {
    return { compiler, problem: 'it was built without WebAssembly (Apple’s is; LLVM’s own has it)' };
  }
  const major = String(version[0]);
  const linker = await findLinker(compiler, inspection);
  if (linker === undefined) {
    return { compiler, problem: `it has no wasm-ld: apt-get install lld-${major}, or brew install lld` };
  }
  const libc = firstLine(
    (await ask(compiler, [clangTarget, '-print-file-name=libc.a'], inspection))?.output ?? '',
  );
  if (!isAbsolute(libc) || !existsSync(libc)) {
    return {
      compiler,
      problem: 'it has no C library for WASI: apt-get install wasi-libc, or brew install wasi-libc',
    };
  }
  const start = join(dirname(libc), 'crt1-reactor.o');
  if (!existsSync(start))
    return { compiler, problem: `its C library for WASI has no ${start}: it is too old` };
  const builtins = firstLine(
    (await ask(compiler, [clangTarget, '--rtlib=compiler-rt', '-print-libgcc-file-name'], inspection))
      ?.output ?? '',
  );
  if (!isAbsolute(builtins) || !existsSync(builtins)) {
    return {
      compiler,
      problem: `it has no compiler-rt for WebAssembly: apt-get install libclang-rt-${major}-dev-wasm32, or brew install wasi-runtimes`,
    };
  }
  const linkerVersion = await ask(linker, ['--version'], inspection);
  return {
    kind: 'clang',
    compiler,
    linker,
    libraries: [start, libc, builtins],
    version: version.join('.'),
    versions: [firstLine(output), firstLine(linkerVersion?.output ?? '')],
    foundBy,
    features,
  };
}

/** Asks a compiler what it is, and whether all that it needs is there. */
export async function inspectCompiler(
  candidate: Candidate,
  inspection: Inspection,
): Promise<Toolchain | Unusable> {
  const { compiler } = candidate;
  const said = await runProcess({
    program: compiler,
    operands: ['--version'],
    folder: dirname(compiler),
    ...inspection,
  });
  if (said.status !== 0) {
    return {
      compiler,
      problem: `--version ends with ${String(said.status)}: ${firstLine(said.errors || said.output)}`,
    };
  }
  // Its name may be anything, as that of a wrapper.
  if (said.output.includes('Emscripten')) return inspectEmscripten(candidate, said.output);
  if (said.output.includes('clang version')) return inspectClang(candidate, said.output, inspection);
  return { compiler, problem: `it is neither emcc nor clang: ${firstLine(said.output)}` };
}
