import { GrimError } from '@grim/ir';
import type { ProgressListener } from '../progress.ts';
import { compileNeon, type NeonCompileOptions, type NeonCompileResult } from './compile-neon.ts';
import { compileOpencl, type OpenclCompileOptions, type OpenclCompileResult } from './compile-opencl.ts';
import { compileWasm, type WasmCompileOptions, type WasmCompileResult } from './compile-wasm.ts';

/** What {@link runCompile} compiles, for what, and where the result goes. */
export type CompileOptions = WasmCompileOptions | NeonCompileOptions | OpenclCompileOptions;

/** What was compiled; `target` says for what. */
export type CompileResult = WasmCompileResult | NeonCompileResult | OpenclCompileResult;

/**
 * Compiles a model: to WebAssembly with 128-bit SIMD in a `.grim` file, to C with NEON intrinsics in a folder, or to
 * OpenCL kernels with a host in C in a folder.
 *
 * @throws GrimError when the model cannot be read or compiled, or the output cannot be written.
 */
export async function runCompile<Options extends CompileOptions>(
  options: Options,
  onProgress?: ProgressListener,
): Promise<CompileResultOf<Options>>;
export async function runCompile(
  options: CompileOptions,
  onProgress?: ProgressListener,
): Promise<CompileResult> {
  // For a folder it would mean the one that the command runs in.
  if (options.output === '') throw new GrimError('the name of the output is empty');
  switch (options.target) {
    case undefined:
    case 'wasm':
      return compileWasm(options, onProgress);
    case 'neon':
      return compileNeon(options, onProgress);
    case 'opencl':
      return compileOpencl(options, onProgress);
    default:
      throw new GrimError(
        `target ${String((options as { target: unknown }).target)} is not known; available: wasm, neon, opencl`,
      );
  }
}

/** What {@link runCompile} gives for options. */
export type CompileResultOf<Options extends CompileOptions> = Options extends NeonCompileOptions
  ? NeonCompileResult
  : Options extends OpenclCompileOptions
    ? OpenclCompileResult
    : Options extends WasmCompileOptions
      ? WasmCompileResult
      : CompileResult;
