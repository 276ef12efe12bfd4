/** The bytes of `values`, shared. Hosts are little-endian, as WebAssembly memory is. */
export function floatBytes(values: Float32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

/** `bytes` as floats of their own: a copy, because messages do not align their fields. */
export function copyFloats(bytes: Uint8Array): Float32Array {
  return new Float32Array(new Uint8Array(bytes).buffer, 0, bytes.length >>> 2);
}

/** `bytes` as floats: shared when they are aligned, else a copy. */
export function viewFloats(bytes: Uint8Array): Float32Array {
  if (bytes.byteOffset % 4 !== 0) return copyFloats(bytes);
  return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length >>> 2);
}
