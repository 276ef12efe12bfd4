import { existsSync } from 'node:fs';
import { resample, type Recording } from '@grim/speech';
import { defaultRecordingFile, readRecording } from '@grim/tools/silero';
import { concatenated, joinedPrompts } from './joined-prompts.ts';
import { sixteenBit } from './sixteen-bit.ts';

/** Sound to measure with. */
export interface TestRecording {
  /** One channel at the rate that was asked for, in 16 bits as recordings are. */
  readonly samples: Float32Array;
  /** The same before it was rounded to 16 bits: hardly anything above the bandwidth of the source, exact silence. */
  readonly unrounded: Float32Array;
  readonly seconds: number;
  /** Where it comes from, in words. */
  readonly source: string;
}

/** Where the Debian package `asterisk-core-sounds-en-wav` puts its 568 spoken prompts (25 minutes, 8 kHz). */
const prompts = '/usr/share/asterisk/sounds/en_US_f_Allison';

/**
 * A recording of about the duration wanted: the Debian prompts one after the other where they are installed, else the
 * recording that comes with the demo, repeated.
 */
export function testRecording(seconds: number, sampleRate: number): TestRecording {
  const installed = existsSync(prompts);
  const recording = installed
    ? joinedPrompts(prompts, seconds)
    : repeated(readRecording(defaultRecordingFile()), seconds);
  const unrounded = resample(recording.samples, recording.sampleRate, sampleRate);
  return {
    samples: sixteenBit(unrounded),
    unrounded,
    seconds: unrounded.length / sampleRate,
    source: installed ? 'asterisk-core-sounds-en-wav (Debian), prompts joined' : 'audio-lena (npm), repeated',
  };
}

/** A recording as often as it takes to last `seconds`. */
export function repeated({ samples, sampleRate }: Recording, seconds: number): Recording {
  const times = Math.ceil((seconds * sampleRate) / samples.length);
  return { samples: concatenated(Array.from({ length: times }, () => samples)), sampleRate };
}
