/** `amplitude` × sin(2π × frequency × t). */
export function sine(length: number, sampleRate: number, frequency: number, amplitude = 1): Float32Array {
  return Float32Array.from(
    { length },
    (_, index) => amplitude * Math.sin((2 * Math.PI * frequency * index) / sampleRate),
  );
}

/** Root mean square of the difference of two signals over part of them, relative to that of the second, in dB. */
export function errorDecibels(
  actual: Float32Array,
  expected: Float32Array,
  from = 0,
  to = expected.length,
): number {
  let difference = 0;
  let reference = 0;
  for (let index = from; index < to; index++) {
    difference += ((actual[index] ?? NaN) - (expected[index] ?? NaN)) ** 2;
    reference += (expected[index] ?? NaN) ** 2;
  }
  return 10 * Math.log10(difference / reference);
}

/** Root mean square of part of a signal. */
export function rootMeanSquare(samples: Float32Array, from = 0, to = samples.length): number {
  const part = samples.subarray(from, to);
  return Math.sqrt(part.reduce((sum, sample) => sum + sample * sample, 0) / part.length);
}

/** Cuts a signal at lengths taken from `sizes` in turn, the last piece as it comes. */
export function pieces(samples: Float32Array, sizes: readonly number[]): Float32Array[] {
  const result: Float32Array[] = [];
  for (let offset = 0, turn = 0; offset < samples.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1;
    result.push(samples.subarray(offset, offset + size));
    offset += size;
  }
  return result;
}

/** Whether two signals agree to the last bit; much faster than a matcher on half a million samples. */
export function sameSamples(a: Float32Array, b: Float32Array): boolean {
  const bytes = (samples: Float32Array) =>
    Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);
  return bytes(a).equals(bytes(b));
}
