import { GrimError } from '@grim/ir/program';

/**
 * One channel that is the average of all.
 *
 * @param channels - At least one, of equal length.
 * @returns A new array of that length; for one channel, a copy.
 * @throws GrimError when there is no channel or lengths differ.
 */
export function mixToMono(channels: readonly Float32Array[]): Float32Array {
  const [first, ...others] = channels;
  if (first === undefined) throw new GrimError('no channel to mix: expected at least one');
  const different = others.find((samples) => samples.length !== first.length);
  if (different !== undefined) {
    throw new GrimError(
      `channels of ${first.length} and ${different.length} samples to mix: expected equal lengths`,
    );
  }
  return Float32Array.from(first, (sample, index) => {
    const sum = others.reduce((total, samples) => total + (samples[index] ?? 0), sample);
    return sum / channels.length;
  });
}
