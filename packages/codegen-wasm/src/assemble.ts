import { loadBinaryen } from './load-binaryen.ts';

/**
 * Assembles WebAssembly text. The assembler is loaded on first use: it is large, and a module that waits for itself, which
 * CommonJS cannot load otherwise.
 *
 * No optimiser runs over the code: schedules decide its shape, and what is written is what the engine gets.
 *
 * @param text - One `(module …)`.
 * @returns The binary module, without names; rejects with a `TypeError` when the text is not a valid module.
 */
export async function assemble(text: string): Promise<Uint8Array> {
  const binaryen = await loadBinaryen();
  const module = binaryen.parseText(text);
  try {
    module.setFeatures(
      binaryen.Features.SIMD128 |
        binaryen.Features.RelaxedSIMD |
        binaryen.Features.Atomics |
        binaryen.Features.NontrappingFPToInt |
        binaryen.Features.BulkMemory |
        // What compilers of C use besides.
        binaryen.Features.MutableGlobals |
        binaryen.Features.SignExt |
        binaryen.Features.ReferenceTypes |
        binaryen.Features.Multivalue,
    );
    if (module.validate() === 0) throw new TypeError('binaryen refused the emitted module');
    return module.emitBinary();
  } finally {
    module.dispose();
  }
}
