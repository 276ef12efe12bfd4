/** What a renderer may use of WebAssembly beyond 128-bit SIMD, and what the code then needs of an engine. */
export interface WasmCapabilities {
  /**
   * How `left · right + addend` of vectors is rounded. `none`: the product, then the sum, which every engine computes
   * alike. `relaxed`: once or twice, as the engine finds faster, so that engines differ in the last bits.
   */
  readonly fusedMultiplyAdd: 'none' | 'relaxed';
  /** Whether memory is shared and there are atomic instructions, so that several threads can run a module. */
  readonly threads: boolean;
  /** Whether there are 16-bit floats, in memory or in arithmetic: WebAssembly has none. */
  readonly halfPrecision: boolean;
}

/** 128-bit SIMD alone, one thread: every engine computes the same bits. */
export const strictSimd: WasmCapabilities = {
  fusedMultiplyAdd: 'none',
  threads: false,
  halfPrecision: false,
};

/** 128-bit SIMD and the multiply-add of relaxed SIMD, one thread. */
export const relaxedSimd: WasmCapabilities = {
  fusedMultiplyAdd: 'relaxed',
  threads: false,
  halfPrecision: false,
};

/** WebAssembly features that code rendered with these capabilities needs, under the names LLVM gives them. */
export function requiredFeatures({ fusedMultiplyAdd, threads }: WasmCapabilities): string[] {
  return [
    'simd128',
    ...(fusedMultiplyAdd === 'relaxed' ? ['relaxed-simd'] : []),
    ...(threads ? ['atomics'] : []),
  ];
}
