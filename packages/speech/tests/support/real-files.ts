import { readFileSync } from 'node:fs';

/** Bytes of a file inside an installed package. */
export function packageFile(path: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(`../../../../node_modules/${path}`, import.meta.url)));
}

/** 12.27 s at 44.1 kHz: a voice in noise, then singing. */
export const lenaWav = (): Uint8Array => packageFile('audio-lena/lena.wav');
