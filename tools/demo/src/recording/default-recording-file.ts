import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Absolute path of a recording of a real voice in noise, 12.3 s at 44.1 kHz, from the package `audio-lena`. */
export function defaultRecordingFile(): string {
  return join(dirname(createRequire(import.meta.url).resolve('audio-lena')), 'lena.wav');
}
