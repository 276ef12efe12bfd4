import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Recording } from '@grim/speech';
import { readRecording } from '@grim/tools/silero';

/** Seconds of silence between two prompts: without it, there would be hardly any frame that is not speech. */
const pauseSeconds = 0.5;

/**
 * The spoken prompts of a folder and those below it, one after the other, until they take as long as wanted.
 *
 * @param folder - Where the `.wav` files are, all of one sampling rate.
 * @param seconds - The duration wanted; the last prompt may reach beyond it.
 */
export function joinedPrompts(folder: string, seconds: number): Recording {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.wav'))
    .sort();
  const pieces: Float32Array[] = [];
  let total = 0;
  let sampleRate = 0;
  for (const file of files) {
    const recording = readRecording(join(folder, file));
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

/** Pieces of one channel, one after the other. */
export function concatenated(pieces: readonly Float32Array[]): Float32Array {
  const joined = new Float32Array(pieces.reduce((total, piece) => total + piece.length, 0));
  let offset = 0;
  for (const piece of pieces) {
    joined.set(piece, offset);
    offset += piece.length;
  }
  return joined;
}
