import { createHash } from 'node:crypto';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';

import { GrimError } from '@grim/ir';

import { runProcess, type ProcessResult } from '../process/run-process.ts';
import { withTemporaryFolder } from '../process/with-temporary-folder.ts';
import type { Toolchain } from '../toolchain/toolchain.ts';
import { checkRequest } from './check-request.ts';
import type { CompileOptions, CompileRequest } from './compile-request.ts';
import { compilerFlags, linkCommand } from './compiler-flags.ts';
import type { Diagnostic } from './diagnostic.ts';
import { readCachedModule, writeCachedModule } from './module-cache.ts';
import { neonHeader } from './neon-header.ts';
import { parseDiagnostics } from './parse-diagnostics.ts';

/** What became of a compilation. */
export type Compilation =
  | {
      readonly outcome: 'compiled';
      /** The WebAssembly module. */
      readonly module: Uint8Array;
      /** Warnings and notes. */
      readonly diagnostics: readonly Diagnostic[];
      /** Whether it came from the cache. */
      readonly isCached: boolean;
    }
  | {
      readonly outcome: 'failed';
      /** What is wrong; at least one of them is an error. */
      readonly diagnostics: readonly Diagnostic[];
    };

/** A source as the request names it and as the compiler is given it. */
interface Source {
  readonly name: string;
  readonly operand: string;
  readonly object: string;
}

/** One compilation in its folder. */
interface Work {
  readonly toolchain: Toolchain;
  readonly request: CompileRequest;
  readonly sources: readonly Source[];
  readonly flags: readonly string[];
  /** Runs a program in the folder of the request's files. */
  readonly run: (
    program: string,
    operands: readonly string[],
    onOutput?: (chunk: Uint8Array) => void,
  ) => Promise<ProcessResult>;
}

async function requireFile(path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (!found?.isFile()) throw new GrimError('there is no such file', { file: path });
}

async function sourcesOf({ sources, files = {} }: CompileRequest): Promise<Source[]> {
  return Promise.all(
    sources.map(async (name, index) => {
      const isGiven = Object.hasOwn(files, name);
      if (!isGiven) await requireFile(name);
      return { name, operand: isGiven ? name : resolve(name), object: `../objects/${String(index)}.o` };
    }),
  );
}

async function writeFiles(
  folder: string,
  files: Readonly<Record<string, string | Uint8Array>>,
): Promise<void> {
  for (const [name, contents] of Object.entries(files)) {
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, contents);
  }
}

/** What emcc says after a program that it ran has said what is wrong: nothing new, in the names of temporary files. */
const emccEcho = /^'.*' failed \(/;

/** A diagnostic with files as the request names them. */
function inNamesOf(sources: readonly Source[], { file, message, ...rest }: Diagnostic): Diagnostic {
  const source = sources.find(({ operand, object }) => operand === file || message.startsWith(`${object}: `));
  // A linker speaks of objects, and its message begins with one.
  const isObject = source !== undefined && file === undefined;
  const name = source?.name ?? file?.replace(/^\.\//, '');
  return {
    ...(name !== undefined && { file: name }),
    ...rest,
    message: isObject ? message.slice(source.object.length + 2) : message,
  };
}

const isError = ({ severity }: Diagnostic): boolean => severity === 'error';

/** Diagnostics in what a program wrote. */
function diagnosticsOf(text: string, sources: readonly Source[]): Diagnostic[] {
  const all = parseDiagnostics(text).map((diagnostic) => inNamesOf(sources, diagnostic));
  const own = all.filter(({ message }) => !emccEcho.test(message));
  return own.some(isError) ? own : all;
}

/** A failure whose program said nothing that could be understood is told in its own words. */
function failed(
  { status, errors, output }: ProcessResult,
  program: string,
  diagnostics: readonly Diagnostic[],
): Compilation {
  if (diagnostics.some(isError)) return { outcome: 'failed', diagnostics };
  const words = `${errors}\n${output}`.trim().slice(0, 1000).replaceAll(/\s+/g, ' ');
  const how = status === null ? 'was killed' : `ended with ${String(status)}`;
  const message = `${program} ${how}${words === '' ? '' : `: ${words}`}`;
  return { outcome: 'failed', diagnostics: [...diagnostics, { severity: 'error', message }] };
}

/**
 * A hash of everything that the module depends on: the toolchain and its libraries, the options, and every source after its headers
 * were included and its macros replaced. Nothing where a source cannot be preprocessed: it cannot be compiled then.
 */
async function contentHash({ toolchain, request, sources, flags, run }: Work): Promise<string | undefined> {
  const hash = createHash('sha256');
  const libraries = toolchain.kind === 'clang' ? toolchain.libraries : [];
  const link = linkCommand(toolchain, request, [], '').operands;
  hash.update(JSON.stringify([toolchain.kind, toolchain.versions, flags, link]));
  for (const library of libraries) hash.update(await readFile(library));
  for (const { name, operand } of sources) {
    hash.update(JSON.stringify(name));
    const { status } = await run(toolchain.compiler, [...flags, '-E', operand], (chunk) =>
      hash.update(chunk),
    );
    if (status !== 0) return undefined;
  }
  return hash.digest('hex');
}

async function compileAndLink(
  { toolchain, request, sources, flags, run }: Work,
  module: string,
): Promise<Compilation> {
  const diagnostics: Diagnostic[] = [];
  for (const { operand, object } of sources) {
    const result = await run(toolchain.compiler, [...flags, '-c', operand, '-o', object]);
    diagnostics.push(...diagnosticsOf(result.errors, sources));
    if (result.status !== 0) return failed(result, toolchain.compiler, diagnostics);
  }
  const { program, operands } = linkCommand(
    toolchain,
    request,
    sources.map(({ object }) => object),
    module,
  );
  const result = await run(program, operands);
  diagnostics.push(...diagnosticsOf(result.errors, sources));
  if (result.status !== 0) return failed(result, program, diagnostics);
  return {
    outcome: 'compiled',
    module: new Uint8Array(await readFile(module)),
    diagnostics,
    isCached: false,
  };
}

/**
 * Compiles C to one WebAssembly module.
 *
 * All that is written on the way lies in a temporary folder that is removed at the end, also when the compiler fails, its time is over or
 * the signal aborts; then the compiler is ended with all that it started.
 *
 * Besides what the request names, the module exports `_initialize`, which runs constructors where C has any (C seldom has; Emscripten adds
 * some more of its own).
 *
 * @param toolchain - See `findToolchain`.
 * @returns (A promise of) the module, or what is wrong with the sources.
 * @throws GrimError when the request is none, the toolchain lacks a feature that it uses, a file is missing, or the time is over;
 * the signal's reason when that aborts.
 */
export async function compileToWasm(
  toolchain: Toolchain,
  request: CompileRequest,
  options: CompileOptions = {},
): Promise<Compilation> {
  checkRequest(toolchain, request);
  const { timeoutMs = 120_000, signal, cacheFolder, environment = process.env } = options;
  const deadline = Date.now() + timeoutMs;
  const neon = request.neon ? neonHeader(toolchain, options.simde) : undefined;
  const sources = await sourcesOf(request);
  return withTemporaryFolder(async (folder) => {
    const files = join(folder, 'files');
    const objects = join(folder, 'objects');
    const temporary = join(folder, 'temporary');
    for (const path of [files, objects, temporary]) await mkdir(path);
    await writeFiles(files, request.files ?? {});
    if (neon?.from === 'simde') await writeFiles(join(folder, 'neon'), { 'arm_neon.h': neon.text });
    const work: Work = {
      toolchain,
      request,
      sources,
      flags: compilerFlags(toolchain, request, neon),
      run: (program, operands, onOutput) =>
        runProcess({
          program,
          operands,
          folder: files,
          // Where compilers put what they write between their own steps.
          environment: { ...environment, TMPDIR: temporary, TEMP: temporary, TMP: temporary },
          timeoutMs: Math.max(1, deadline - Date.now()),
          signal,
          ...(onOutput && { onOutput }),
        }),
    };
    const key = cacheFolder === undefined ? undefined : await contentHash(work);
    if (cacheFolder !== undefined && key !== undefined) {
      const cached = await readCachedModule(cacheFolder, key);
      if (cached) return { outcome: 'compiled', ...cached, isCached: true };
    }
    const compilation = await compileAndLink(work, join(folder, 'module.wasm'));
    if (cacheFolder !== undefined && key !== undefined && compilation.outcome === 'compiled') {
      await writeCachedModule(cacheFolder, key, compilation);
    }
    return compilation;
  });
}
