import binaryen from 'binaryen';

/** Assembles WebAssembly text, so that tests can state what the code under the runtime does. */
export function assemble(text: string): Uint8Array {
  const module = binaryen.parseText(text);
  // Not all features: some of what binaryen knows changes encodings that engines do not read yet.
  const { SIMD128, RelaxedSIMD, BulkMemory, BulkMemoryOpt, NontrappingFPToInt, SignExt } = binaryen.Features;
  module.setFeatures(SIMD128 | RelaxedSIMD | BulkMemory | BulkMemoryOpt | NontrappingFPToInt | SignExt);
  if (!module.validate()) throw new Error('the test module is not valid');
  return module.emitBinary();
}
