/** What kind of frames a voice activity model takes. */
export interface VadOptions {
  /** Samples per second the model was trained for. */
  readonly modelSampleRate: number;
  /** New samples per step. */
  readonly frameSamples: number;
  /** Samples from the end of the previous frame that the model wants in front of the new ones; 0 for none. */
  readonly contextSamples: number;
  /** Samples per second of the frames that will be given; `modelSampleRate` unless told. */
  readonly sampleRate?: number;
}

/** Silero VAD v5 and v6 at 16 kHz: 512 new samples (32 ms) after 64 of context, input shape [1,576]. */
export const sileroV5 = {
  modelSampleRate: 16000,
  frameSamples: 512,
  contextSamples: 64,
} as const satisfies VadOptions;

/** Silero VAD v4 ("legacy") at 16 kHz: 1536 new samples (96 ms), no context, input shape [1,1536]. */
export const sileroLegacy = {
  modelSampleRate: 16000,
  frameSamples: 1536,
  contextSamples: 0,
} as const satisfies VadOptions;
