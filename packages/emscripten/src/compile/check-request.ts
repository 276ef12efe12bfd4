import { GrimError } from '@grim/ir';

import type { Toolchain, ToolchainFeature } from '../toolchain/toolchain.ts';
import type { CompileRequest, MemoryRequest } from './compile-request.ts';

/** Bytes of a page, in which WebAssembly counts memory. */
export const pageBytes = 65_536;

/** What 32-bit addresses reach. */
const maximumMemoryBytes = 2 ** 32;

/** Most files and names of a request. */
const maximumNames = 10_000;

const cName = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** A relative path that stays in its folder, of names that no shell, compiler or file system reads as anything else. */
const relativePath = /^[A-Za-z0-9_][\w.-]*(?:\/[A-Za-z0-9_][\w.-]*)*$/;

function refuseNames(names: readonly string[], pattern: RegExp, what: string): void {
  if (names.length > maximumNames) throw new GrimError(`${names.length} names, at most ${maximumNames}`);
  const wrong = names.find((name) => !pattern.test(name));
  if (wrong !== undefined) throw new GrimError(`${wrong === '' ? 'an empty name' : wrong} is no ${what}`);
}

function checkBytes(name: string, value: number | undefined): void {
  if (value === undefined || (Number.isInteger(value) && value > 0 && value <= maximumMemoryBytes)) return;
  throw new GrimError(`${name} is ${value}, not an integer from 1 to ${maximumMemoryBytes}`);
}

function checkMemory(
  { origin, initialBytes, maximumBytes, stackBytes }: MemoryRequest,
  threads: boolean,
): void {
  checkBytes('initialBytes', initialBytes);
  checkBytes('maximumBytes', maximumBytes);
  checkBytes('stackBytes', stackBytes);
  if (stackBytes !== undefined && stackBytes % 16 !== 0) {
    throw new GrimError(`stackBytes is ${stackBytes}, not a multiple of 16`);
  }
  if (initialBytes !== undefined && maximumBytes !== undefined && initialBytes > maximumBytes) {
    throw new GrimError(
      `memory starts with ${initialBytes} bytes, more than the ${maximumBytes} it may grow to`,
    );
  }
  if (!threads) return;
  // Every thread has an instance of the module: with a memory of its own it would share nothing.
  if (origin !== 'imported') throw new GrimError('threads share a memory that is imported, not exported');
  if (maximumBytes === undefined) {
    throw new GrimError('threads share a memory of bounded size: maximumBytes is missing');
  }
}

/** The features that a request uses. */
export function requestedFeatures({
  simd = true,
  relaxedSimd = false,
  threads = false,
}: CompileRequest): ToolchainFeature[] {
  return [
    ...(simd ? ['simd' as const] : []),
    ...(relaxedSimd ? ['relaxedSimd' as const] : []),
    ...(threads ? ['threads' as const] : []),
  ];
}

/**
 * Refuses what cannot be compiled, before anything runs.
 *
 * @throws GrimError for names that are none, sizes that do not fit, and features that the toolchain does not have.
 */
export function checkRequest(toolchain: Toolchain, request: CompileRequest): void {
  const {
    sources,
    files = {},
    exports,
    defines = {},
    warnings = [],
    memory = {},
    simd = true,
    relaxedSimd,
    neon,
  } = request;
  if (sources.length === 0) throw new GrimError('there is no C file to compile');
  if (exports.length === 0) throw new GrimError('nothing is exported: a module without exports does nothing');
  refuseNames(Object.keys(files), relativePath, 'relative path of a file');
  refuseNames(exports, cName, 'name of a C function');
  refuseNames(Object.keys(defines), cName, 'name of a macro');
  refuseNames(warnings, /^[\w=+-]+$/, 'name of a warning');
  for (const [name, text] of Object.entries(defines)) {
    if (text !== true && /[\r\n]/.test(text)) throw new GrimError(`macro ${name} has more than one line`);
  }
  checkMemory(memory, request.threads ?? false);
  if (!simd && relaxedSimd === true) throw new GrimError('relaxed SIMD needs SIMD');
  if (!simd && neon === true) throw new GrimError('arm_neon.h needs SIMD');
  for (const feature of requestedFeatures(request)) {
    const support = toolchain.features[feature];
    if (!support.isSupported) throw new GrimError(support.reason);
  }
}
