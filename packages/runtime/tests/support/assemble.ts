import binaryen from 'binaryen';

const assembled = new Map<string, Uint8Array>();

/** Assembles WebAssembly text, so that tests can state what the code under the runtime does. */
export function assemble(text: string): Uint8Array {
  const known = assembled.get(text);
  if (known) return known;
  const module = binaryen.parseText(text);
  // Not all features: some of what binaryen knows changes encodings that engines do not read yet.
  const { Atomics, SIMD128, RelaxedSIMD, BulkMemory, BulkMemoryOpt, NontrappingFPToInt, SignExt } =
    binaryen.Features;
  module.setFeatures(
    Atomics | SIMD128 | RelaxedSIMD | BulkMemory | BulkMemoryOpt | NontrappingFPToInt | SignExt,
  );
  if (!module.validate()) throw new Error('the test module is not valid');
  const binary = module.emitBinary();
  assembled.set(text, binary);
  return binary;
}
