import binaryen from 'binaryen';

/**
 * Assembles WebAssembly text.
 *
 * No optimiser runs over the code: schedules decide its shape, and what is written is what the engine gets.
 *
 * @param text - One `(module …)`.
 * @returns The binary module, without names.
 */
export function assemble(text: string): Uint8Array {
  const module = binaryen.parseText(text);
  try {
    module.setFeatures(
      binaryen.Features.SIMD128 | binaryen.Features.NontrappingFPToInt | binaryen.Features.BulkMemory,
    );
    if (module.validate() === 0) throw new TypeError('binaryen refused the emitted module');
    return module.emitBinary();
  } finally {
    module.dispose();
  }
}
