/** What a renderer may use of WebAssembly beyond 128-bit SIMD, and what the code then needs of an engine. */
export interface WasmCapabilities {
  /**
   * How `left · right + addend` of vectors is rounded. `none`: the product, then the sum, which every engine computes
   * alike. `relaxed`: once or twice, as the engine finds faster, so that engines differ in the last bits.
   */
  readonly fusedMultiplyAdd: 'none' | 'relaxed';
}

/** 128-bit SIMD alone: every engine computes the same bits. */
export const strictSimd: WasmCapabilities = { fusedMultiplyAdd: 'none' };

/** 128-bit SIMD and the multiply-add of relaxed SIMD. */
export const relaxedSimd: WasmCapabilities = { fusedMultiplyAdd: 'relaxed' };

/** WebAssembly features that code rendered with these capabilities needs, under the names LLVM gives them. */
export function requiredFeatures({ fusedMultiplyAdd }: WasmCapabilities): string[] {
  return fusedMultiplyAdd === 'relaxed' ? ['simd128', 'relaxed-simd'] : ['simd128'];
}
