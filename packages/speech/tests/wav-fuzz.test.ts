import { GrimError } from '@grim/ir/program';
import { expect, it } from 'vitest';
import { readWav, writeWav } from '../src/index.ts';
import { noise, randomNumbers } from './support/random.ts';
import { lenaWav } from './support/real-files.ts';
import { chunk, formatBody, subformat, wavFile } from './support/wav-bytes.ts';

const mutations = 10_000;
const extremes = [0, 1, 2, 7, 0x7fffffff, 0x80000000, 0xfffffff8, 0xffffffff];

it('mutated files are read or refused by name, and never cost more than four bytes for each of theirs', () => {
  const random = randomNumbers(20250211);
  const below = (limit: number) => Math.floor(random() * limit);
  const stereo = { sampleRate: 48000, channels: [noise(40, 1), noise(40, 2)] };
  const originals = [
    lenaWav().slice(0, 1208),
    writeWav(stereo, { format: 'pcm24', cues: [{ start: 0, end: 0.0005, label: 'speech' }] }),
    writeWav(stereo, { format: 'float32' }),
    wavFile([
      chunk('fmt ', formatBody({ tag: 0xfffe, bytes: 4, bits: 24, channels: 3, subformat: subformat(1) })),
      chunk('junk', new Uint8Array(3)),
      chunk('data', new Uint8Array(120), 0xffffffff),
    ]),
  ];
  // The real file is cut short here: let its lengths say so, or every mutation would fail at that.
  new DataView(originals[0]?.buffer ?? new ArrayBuffer(8)).setUint32(204, 1000, true);

  const mutate = (original: Uint8Array): Uint8Array => {
    let bytes = original.slice();
    for (let count = 1 + below(4); count > 0; count--) {
      // Most of what a reader decides on lies in the headers.
      const place = below(random() < 0.7 ? Math.min(64, bytes.length) : bytes.length);
      switch (below(4)) {
        case 0:
          bytes[place] = below(256);
          break;
        case 1:
          if (place + 4 <= bytes.length) {
            new DataView(bytes.buffer).setUint32(place, extremes[below(extremes.length)] ?? 0, true);
          }
          break;
        case 2:
          bytes = bytes.slice(0, place);
          break;
        default:
          bytes = Uint8Array.from([...bytes.slice(0, place), below(256), ...bytes.slice(place)]);
      }
    }
    return bytes;
  };

  const outcomes = { read: 0, refused: 0 };
  for (let index = 0; index < mutations; index++) {
    const bytes = mutate(originals[index % originals.length] ?? new Uint8Array(0));
    try {
      const { channels, sampleRate } = readWav(bytes, { file: 'mutated.wav' });
      const samples = channels.reduce((sum, channel) => sum + channel.length, 0);
      if (samples === 0 || samples > bytes.length || sampleRate < 1) {
        throw new Error(
          `mutation ${index}: ${samples} samples from ${bytes.length} bytes at ${sampleRate} Hz`,
        );
      }
      outcomes.read++;
    } catch (error) {
      if (!(error instanceof GrimError)) throw error;
      expect(error.message).toMatch(/^mutated\.wav: [^\n]+$/);
      outcomes.refused++;
    }
  }
  // Both ways are well covered.
  expect(outcomes.read).toBeGreaterThan(1000);
  expect(outcomes.refused).toBeGreaterThan(1000);
});
