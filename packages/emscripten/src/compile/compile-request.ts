/** The linear memory of a module. Sizes are rounded up to pages of 64 KiB. */
export interface MemoryRequest {
  /** `exported`: the module has a memory of its own, `memory`. `imported`: it is given one, `env.memory`. Default `exported`. */
  readonly origin?: 'exported' | 'imported';
  /** Bytes at the start (default: as many as data and stack need, with Emscripten 16 MiB). */
  readonly initialBytes?: number;
  /** Bytes that it may grow to (default: no bound). */
  readonly maximumBytes?: number;
  /** Bytes of the stack (default 65536). It lies below the data, so that it cannot grow into them: that traps. */
  readonly stackBytes?: number;
}

/** What is compiled, and how. */
export interface CompileRequest {
  /** C files: paths, and names of {@link CompileRequest.files}. */
  readonly sources: readonly string[];
  /** Files that exist here only, by relative path: sources, and headers that they include. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  /** Functions that the module exports, and data whose addresses it exports as globals. */
  readonly exports: readonly string[];
  /** Folders of headers. */
  readonly includeFolders?: readonly string[];
  /** Macros: their text, or `true` for one that is 1. */
  readonly defines?: Readonly<Record<string, string | true>>;
  /** Level of optimisation: 0 to 3, or `s` and `z` for size (default 3). */
  readonly optimisation?: 0 | 1 | 2 | 3 | 's' | 'z';
  /** Warnings to ask for, as after `-W`: `all`, `extra`, `error`. */
  readonly warnings?: readonly string[];
  /** Use 128-bit SIMD (default true). */
  readonly simd?: boolean;
  /** Use relaxed SIMD (default false). */
  readonly relaxedSimd?: boolean;
  /** Use atomic instructions and shared memory (default false), which must be imported and have a bound. */
  readonly threads?: boolean;
  /** Provide `arm_neon.h`, whose intrinsics become WebAssembly SIMD through SIMDe (default false). */
  readonly neon?: boolean;
  readonly memory?: MemoryRequest;
}

/** Bounds, and what is kept. */
export interface CompileOptions {
  /** How long the whole compilation may take, in milliseconds (default 120000). */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  /** Folder of modules that were compiled before, made when it does not exist; nothing is kept when absent. */
  readonly cacheFolder?: string;
  /** Folder of SIMDe, the one that holds `arm/neon.h`; looked for in the usual places when absent. */
  readonly simde?: string;
  /** Environment of the compiler (default `process.env`). */
  readonly environment?: NodeJS.ProcessEnv;
}
