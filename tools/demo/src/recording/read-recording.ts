import { readFileSync } from 'node:fs';
import { GrimError } from '@grim/ir';
import { mixToMono, readWav, type Recording } from '@grim/speech';

/**
 * Reads a WAV file as one channel.
 *
 * @throws GrimError naming the file when it cannot be read or is no WAV file.
 */
export function readRecording(file: string): Recording {
  const { channels, sampleRate } = readWav(readBytes(file), { file });
  return { samples: mixToMono(channels), sampleRate };
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
