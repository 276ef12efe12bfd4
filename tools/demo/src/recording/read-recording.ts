import { readFileSync } from 'node:fs';
import { GrimError } from '@grim/ir';
import { mixToMono, readWav, type Recording } from '@grim/speech';

/**
 * Reads a WAV file as one channel.
 *
 * @throws GrimError naming the file when it cannot be read, is no WAV file or has samples that are NaN or infinite.
 */
export function readRecording(file: string): Recording {
  const { channels, sampleRate } = readWav(readBytes(file), { file });
  const samples = mixToMono(channels);
  const invalid = samples.findIndex((sample) => !Number.isFinite(sample));
  if (invalid >= 0) {
    throw new GrimError(`sample ${invalid} is ${samples[invalid] ?? 0}: expected −1 to 1`, { file });
  }
  return { samples, sampleRate };
}

function readBytes(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new GrimError(`cannot be read: ${error instanceof Error ? error.message : String(error)}`, {
      file,
    });
  }
}
