/** Sampled audio, one array per channel. */
export interface WavAudio {
  /** Samples per second and channel. */
  readonly sampleRate: number;
  /** One array per channel, all of the same length; full scale is −1 to 1. */
  readonly channels: readonly Float32Array[];
}

/** The most channels that are read or written: a header that asks for more is refused before anything is allocated. */
export const maximumChannels = 256;
