import { GrimError } from '@grim/ir/program';
import { indexOfNonFinite } from '../index-of-non-finite.ts';
import { cueChunks, type WavCue } from './cue-chunks.ts';
import { maximumChannels, type WavAudio } from './wav-audio.ts';

/** How {@link writeWav} stores samples. */
export type WavFormat = 'pcm8' | 'pcm16' | 'pcm24' | 'float32';

/** What {@link writeWav} writes beside the samples, and how. */
export interface WriteWavOptions {
  /** Storage of one sample. */
  readonly format: WavFormat;
  /** Labels that audio editors show at their places. */
  readonly cues?: readonly WavCue[];
}

interface SampleEncoder {
  readonly tag: number;
  readonly bytes: number;
  readonly write: (view: DataView, offset: number, sample: number) => void;
}

const encoders: Readonly<Record<WavFormat, SampleEncoder>> = {
  pcm8: {
    tag: 1,
    bytes: 1,
    write: (view, offset, sample) => {
      view.setUint8(offset, quantise(sample, 128) + 128);
    },
  },
  pcm16: {
    tag: 1,
    bytes: 2,
    write: (view, offset, sample) => {
      view.setInt16(offset, quantise(sample, 32768), true);
    },
  },
  pcm24: {
    tag: 1,
    bytes: 3,
    write: (view, offset, sample) => {
      const value = quantise(sample, 8388608);
      view.setUint8(offset, value & 0xff);
      view.setInt16(offset + 1, value >> 8, true);
    },
  },
  float32: {
    tag: 3,
    bytes: 4,
    write: (view, offset, sample) => {
      view.setFloat32(offset, sample, true);
    },
  },
};

/** Rounded to the nearest step; +1 and beyond become the largest code, which is one step less. */
function quantise(sample: number, scale: number): number {
  return Math.max(-scale, Math.min(scale - 1, Math.round(sample * scale)));
}

/**
 * Writes a WAV file, with labels where cues are given.
 *
 * Integer formats round to the nearest step without dither, and clip what lies outside −1 to 1. What
 * {@link readWav} read from a file in one of these formats is written back to the same sample bytes.
 *
 * @param audio - At least one sample; channels of equal length.
 * @param options - The sample format, and cues.
 * @returns The bytes of the file.
 * @throws GrimError when channels are missing, differ in length or are empty, when a sample is NaN or infinite, when
 * the rate is not a whole number of Hz, when a cue lies outside the recording, or when 4 GiB would be exceeded.
 */
export function writeWav(audio: WavAudio, options: WriteWavOptions): Uint8Array {
  const frames = checkAudio(audio);
  const { sampleRate, channels } = audio;
  const encoder = encoders[options.format];
  const frameBytes = channels.length * encoder.bytes;
  const dataBytes = frames * frameBytes;
  const labels = cueChunks(options.cues ?? [], sampleRate, frames);
  // Formats other than PCM carry an extension length (zero) and a `fact` chunk with the frame count.
  const formatBytes = encoder.tag === 1 ? 16 : 18;
  const factBytes = encoder.tag === 1 ? 0 : 12;
  const dataOffset = 12 + 8 + formatBytes + factBytes + 8;
  const total = dataOffset + dataBytes + (dataBytes % 2) + labels.length;
  if (total - 8 >= 0xffffffff) {
    throw new GrimError(
      `the file would have ${total} bytes: expected less than the 4 GiB a WAV file can hold`,
    );
  }

  const bytes = new Uint8Array(total);
  const view = new DataView(bytes.buffer);
  writeName(view, 0, 'RIFF');
  view.setUint32(4, total - 8, true);
  writeName(view, 8, 'WAVE');
  writeName(view, 12, 'fmt ');
  view.setUint32(16, formatBytes, true);
  view.setUint16(20, encoder.tag, true);
  view.setUint16(22, channels.length, true);
  view.setUint32(24, sampleRate, true);
  view.setUint32(28, Math.min(sampleRate * frameBytes, 0xffffffff), true);
  view.setUint16(32, frameBytes, true);
  view.setUint16(34, encoder.bytes * 8, true);
  if (factBytes > 0) {
    writeName(view, 38, 'fact');
    view.setUint32(42, 4, true);
    view.setUint32(46, frames, true);
  }
  writeName(view, dataOffset - 8, 'data');
  view.setUint32(dataOffset - 4, dataBytes, true);
  channels.forEach((samples, channel) => {
    let offset = dataOffset + channel * encoder.bytes;
    for (const sample of samples) {
      encoder.write(view, offset, sample);
      offset += frameBytes;
    }
  });
  bytes.set(labels, total - labels.length);
  return bytes;
}

function checkAudio(audio: WavAudio): number {
  const { sampleRate, channels } = audio;
  const first = channels[0];
  if (first === undefined || channels.length > maximumChannels) {
    throw new GrimError(`${channels.length} channels to write: expected 1 to ${maximumChannels}`);
  }
  if (!Number.isInteger(sampleRate) || sampleRate < 1 || sampleRate > 0xffffffff) {
    throw new GrimError(`a sample rate of ${sampleRate} Hz: expected a whole number from 1 to 4294967295`);
  }
  if (first.length === 0) throw new GrimError('no samples to write: expected at least one');
  channels.forEach((samples, channel) => {
    if (samples.length !== first.length) {
      throw new GrimError(
        `channel ${channel} has ${samples.length} samples, channel 0 has ${first.length}: expected equal lengths`,
      );
    }
    const index = indexOfNonFinite(samples);
    if (index >= 0) {
      throw new GrimError(
        `sample ${index} of channel ${channel} is ${samples[index] ?? 0}: expected a finite number`,
      );
    }
  });
  return first.length;
}

function writeName(view: DataView, offset: number, name: string): void {
  for (let index = 0; index < name.length; index++) view.setUint8(offset + index, name.charCodeAt(index));
}
