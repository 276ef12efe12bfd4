import { GrimError } from '@grim/ir/program';
import { decodeALaw, decodeMuLaw } from './g711.ts';

/** How the samples of a WAV file are stored. */
export interface SampleFormat {
  /** The format tag; for `WAVE_FORMAT_EXTENSIBLE`, the tag inside its sub-format. */
  readonly tag: number;
  /** Bytes one sample of one channel takes. */
  readonly bytes: number;
  /** Bits the header claims per sample. */
  readonly bits: number;
}

/** Reads the sample that starts at a byte offset; the result is in −1 to 1 for every integer format. */
export type SampleDecoder = (view: DataView, offset: number) => number;

// An integer sample narrower than its container is left-justified in it, so the container alone sets the scale.
const integer: readonly (SampleDecoder | undefined)[] = [
  undefined,
  (view, offset) => (view.getUint8(offset) - 128) / 128,
  (view, offset) => view.getInt16(offset, true) / 32768,
  (view, offset) => (view.getUint8(offset) | (view.getInt16(offset + 1, true) << 8)) / 8388608,
  (view, offset) => view.getInt32(offset, true) / 2147483648,
];

/** The decoder of a stored format; a format that is not read is refused by its number. */
export function sampleDecoder(format: SampleFormat): SampleDecoder {
  const { tag, bytes, bits } = format;
  const fits = bits > 0 && bits <= bytes * 8;
  let decoder: SampleDecoder | undefined;
  switch (tag) {
    case 1:
      decoder = fits ? integer[bytes] : undefined;
      break;
    case 3:
      if (bytes === 4 && bits === 32) decoder = (view, offset) => view.getFloat32(offset, true);
      if (bytes === 8 && bits === 64) decoder = (view, offset) => view.getFloat64(offset, true);
      break;
    case 6:
      if (bytes === 1) decoder = (view, offset) => decodeALaw(view.getUint8(offset));
      break;
    case 7:
      if (bytes === 1) decoder = (view, offset) => decodeMuLaw(view.getUint8(offset));
      break;
    default:
      throw new GrimError(
        `format tag ${tag} (0x${tag.toString(16)}) is not read: expected PCM (1), IEEE float (3), A-law (6) or µ-law (7)`,
      );
  }
  if (decoder === undefined) {
    throw new GrimError(
      `format tag ${tag} with ${bits} bits in ${bytes} bytes per sample is not read: ` +
        'expected 8, 16, 24 or 32-bit PCM, 32 or 64-bit float, or 8-bit A-law or µ-law',
    );
  }
  return decoder;
}
