import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { resample, type Recording } from '@grim/speech';
import { defaultRecordingFile, readRecording } from '@grim/tools/silero';
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

/** Seconds of silence between two prompts: without it, there would be hardly any frame that is not speech. */
const pauseSeconds = 0.5;

/**
 * A recording of about the duration wanted: the Debian prompts one after the other where they are installed, else the
 * recording that comes with the demo, repeated.
 */
export function testRecording(seconds: number, sampleRate: number): TestRecording {
  const installed = existsSync(prompts);
  const recording = installed
    ? joinedPrompts(seconds)
    : repeated(readRecording(defaultRecordingFile()), seconds);
  const unrounded = resample(recording.samples, recording.sampleRate, sampleRate);
  return {
    samples: sixteenBit(unrounded),
    unrounded,
    seconds: unrounded.length / sampleRate,
    source: installed ? 'asterisk-core-sounds-en-wav (Debian), prompts joined' : 'audio-lena (npm), repeated',
  };
}

function joinedPrompts(seconds: number): Recording {
  const files = readdirSync(prompts, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.wav'))
    .sort();
  const pieces: Float32Array[] = [];
  let total = 0;
  let sampleRate = 0;
  for (const file of files) {
    const recording = readRecording(join(prompts, file));
    sampleRate ||= recording.sampleRate;
    if (recording.sampleRate !== sampleRate) {
      throw new Error(`${file} has ${recording.sampleRate} Hz, the prompts before it ${sampleRate} Hz`);
    }
    const pause = new Float32Array(Math.round(pauseSeconds * sampleRate));
    pieces.push(recording.samples, pause);
    total += recording.samples.length + pause.length;
    if (total >= seconds * sampleRate) break;
  }
  return { samples: concatenated(pieces), sampleRate };
}

/** A recording as often as it takes to last `seconds`. */
export function repeated({ samples, sampleRate }: Recording, seconds: number): Recording {
  const times = Math.ceil((seconds * sampleRate) / samples.length);
  return { samples: concatenated(Array.from({ length: times }, () => samples)), sampleRate };
}

function concatenated(pieces: readonly Float32Array[]): Float32Array {
  const joined = new Float32Array(pieces.reduce((total, piece) => total + piece.length, 0));
  let offset = 0;
  for (const piece of pieces) {
    joined.set(piece, offset);
    offset += piece.length;
  }
  return joined;
}
