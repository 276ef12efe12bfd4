/** What drives the compilation: emcc, or clang and wasm-ld with the C library of WASI. */
export type ToolchainKind = 'emscripten' | 'clang';

/** Whether a toolchain of this version has a feature. */
export type FeatureSupport =
  | { readonly isSupported: true }
  | {
      readonly isSupported: false;
      /** Why not, and what has it. */
      readonly reason: string;
    };

/** Features of WebAssembly that C may be compiled for. */
export interface ToolchainFeatures {
  /** 128-bit SIMD. */
  readonly simd: FeatureSupport;
  /** Relaxed SIMD, with the instruction codes that engines know. */
  readonly relaxedSimd: FeatureSupport;
  /** Shared memory and atomic instructions. */
  readonly threads: FeatureSupport;
}

/** Name of a feature. */
export type ToolchainFeature = keyof ToolchainFeatures;

interface CommonToolchain {
  /** Absolute path of `emcc` or `clang`. */
  readonly compiler: string;
  /** Version of Emscripten or clang, as in `3.1.6`. */
  readonly version: string;
  /** What the programs say about their versions, one line each. */
  readonly versions: readonly string[];
  /** What it was found by. */
  readonly foundBy: 'path' | 'EMSDK' | 'WASI_SDK_PATH' | 'PATH';
  readonly features: ToolchainFeatures;
}

/** emcc, of a distribution or of an emsdk. */
export interface EmscriptenToolchain extends CommonToolchain {
  readonly kind: 'emscripten';
}

/** clang and wasm-ld with the C library of WASI. */
export interface ClangToolchain extends CommonToolchain {
  readonly kind: 'clang';
  /** Absolute path of `wasm-ld`. */
  readonly linker: string;
  /** Absolute paths of what is linked: the start of a module, the C library and the compiler's own functions. */
  readonly libraries: readonly string[];
}

/** A toolchain that was found and whose version is known. */
export type Toolchain = EmscriptenToolchain | ClangToolchain;
