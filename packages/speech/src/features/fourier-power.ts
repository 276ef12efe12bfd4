/** Computes power spectra of real frames of one size. */
export type FourierPower = (frame: Float32Array, power: Float32Array) => void;

/**
 * A function for `|DFT(frame)[k]|²`, `k` from 0 to `size / 2`: radix-2 transform, decimation in time (Cooley and Tukey 1965).
 *
 * @param size - Values of a frame, a power of two. `power` takes `size / 2 + 1` values.
 * @throws RangeError when `size` is no power of two of at least 2.
 */
export function createFourierPower(size: number): FourierPower {
  if (!Number.isInteger(Math.log2(size)) || size < 2) throw new RangeError(`a transform of ${size} values`);
  const bits = Math.log2(size);
  const reversed = Uint32Array.from({ length: size }, (_, index) => {
    let result = 0;
    for (let bit = 0; bit < bits; bit++) result |= ((index >> bit) & 1) << (bits - 1 - bit);
    return result;
  });
  const cosines = Float64Array.from({ length: size / 2 }, (_, k) => Math.cos((2 * Math.PI * k) / size));
  const sines = Float64Array.from({ length: size / 2 }, (_, k) => -Math.sin((2 * Math.PI * k) / size));
  const real = new Float64Array(size);
  const imaginary = new Float64Array(size);
  return (frame, power) => {
    for (let index = 0; index < size; index++) real[index] = frame[reversed[index] ?? 0] ?? 0;
    imaginary.fill(0);
    for (let span = 1; span < size; span *= 2) {
      const stride = size / (2 * span);
      for (let first = 0; first < size; first += 2 * span) {
        for (let k = 0; k < span; k++) {
          const [even, odd] = [first + k, first + k + span];
          const [cosine, sine] = [cosines[k * stride] ?? 0, sines[k * stride] ?? 0];
          const [x, y] = [real[odd] ?? 0, imaginary[odd] ?? 0];
          const turnedReal = x * cosine - y * sine;
          const turnedImaginary = x * sine + y * cosine;
          real[odd] = (real[even] ?? 0) - turnedReal;
          imaginary[odd] = (imaginary[even] ?? 0) - turnedImaginary;
          real[even] = (real[even] ?? 0) + turnedReal;
          imaginary[even] = (imaginary[even] ?? 0) + turnedImaginary;
        }
      }
    }
    for (let k = 0; k <= size / 2; k++) power[k] = (real[k] ?? 0) ** 2 + (imaginary[k] ?? 0) ** 2;
  };
}
