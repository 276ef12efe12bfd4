import { GrimError, withContext } from '@grim/ir/program';
import { sampleDecoder, type SampleFormat } from './sample-decoder.ts';
import { maximumChannels, type WavAudio } from './wav-audio.ts';

/** What {@link readWav} can be told beside the bytes. */
export interface ReadWavOptions {
  /** Name of the file, for error messages. */
  readonly file?: string;
}

interface FormatChunk extends SampleFormat {
  readonly channels: number;
  readonly sampleRate: number;
  /** Bytes of one frame: one sample of every channel. */
  readonly frameBytes: number;
}

interface DataChunk {
  readonly offset: number;
  readonly length: number;
}

/** `fmt ` chunks are 16, 18 or 40 bytes long; the sub-format of the extensible form starts at byte 24. */
const extensibleTag = 0xfffe;
const subformatOffset = 24;
/** A sub-format is a format tag followed by these bytes (`KSDATAFORMAT_SUBTYPE_WAVEFORMATEX`). */
const subformatTail = [0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xaa, 0, 0x38, 0x9b, 0x71];
/** What programs that write to a pipe leave in a length they cannot go back to. */
const unknownLength = 0xffffffff;

/**
 * Reads a WAV file: PCM of 8, 16, 24 or 32 bits, float of 32 or 64 bits, A-law and µ-law, also inside
 * `WAVE_FORMAT_EXTENSIBLE`.
 *
 * Integer samples are scaled so that full scale is −1 to 1; float samples are kept as they are, whatever their
 * value. Chunks other than `fmt ` and `data` are skipped. A `data` length of 0xFFFFFFFF, or of 0 in a file whose
 * RIFF length does not cover what follows, means that the writer could not seek: what is there is read.
 * No more than four bytes are allocated for each byte of the file.
 *
 * @param bytes - The bytes of the whole file.
 * @param options - The name to use in errors.
 * @throws GrimError naming the file and what was expected, when this is not a WAV file, it holds no samples, it is
 * cut short, or its format is not one of those above.
 */
export function readWav(bytes: Uint8Array, options: ReadWavOptions = {}): WavAudio {
  const context = options.file === undefined ? {} : { file: options.file };
  return withContext(context, () => {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    checkContainer(view);
    const { format, data } = findChunks(view);
    return decodeFrames(view, format, data);
  });
}

function checkContainer(view: DataView): void {
  if (view.byteLength === 0) throw new GrimError('the file is empty: expected a WAV file');
  const identifier = view.byteLength >= 4 ? chunkName(view, 0) : '';
  if (identifier === 'RF64' || identifier === 'BW64') {
    throw new GrimError(`${identifier} files are not read: expected a RIFF file of less than 4 GiB`);
  }
  if (identifier === 'RIFX') throw new GrimError('RIFX (big-endian) files are not read: expected RIFF');
  if (identifier !== 'RIFF') {
    throw new GrimError(`not a WAV file: it starts with "${startOf(view)}", expected "RIFF"`);
  }
  if (view.byteLength < 12) {
    throw new GrimError(`truncated: ${view.byteLength} bytes, expected at least the 12 of a RIFF header`);
  }
  const form = chunkName(view, 8);
  if (form !== 'WAVE') throw new GrimError(`not a WAV file: its RIFF form is "${form}", expected "WAVE"`);
}

function findChunks(view: DataView): { format: FormatChunk; data: DataChunk } {
  let format: FormatChunk | undefined;
  let offset = 12;
  while (offset + 8 <= view.byteLength) {
    const name = chunkName(view, offset);
    const declared = view.getUint32(offset + 4, true);
    const body = offset + 8;
    const available = view.byteLength - body;
    if (name === 'data') {
      if (format === undefined) throw new GrimError('the data chunk comes before any fmt chunk');
      return { format, data: { offset: body, length: dataLength(view, declared, available) } };
    }
    if (declared > available) throw truncatedChunk(name, declared, available);
    if (name === 'fmt ' && format === undefined) format = readFormat(view, body, declared);
    // Chunks start at even offsets; the padding byte is not counted in the length.
    offset = body + declared + (declared % 2);
  }
  throw new GrimError(
    format === undefined ? 'no fmt chunk and no data chunk: expected both' : 'no data chunk: expected one',
  );
}

function dataLength(view: DataView, declared: number, available: number): number {
  const riffLength = view.getUint32(4, true);
  const closed = riffLength !== unknownLength && riffLength + 8 >= view.byteLength;
  if (declared === unknownLength || (declared === 0 && !closed)) return available;
  if (declared > available) throw truncatedChunk('data', declared, available);
  return declared;
}

function truncatedChunk(name: string, declared: number, available: number): GrimError {
  return new GrimError(
    `truncated: the "${name}" chunk declares ${declared} bytes, only ${available} are there`,
  );
}

function readFormat(view: DataView, offset: number, length: number): FormatChunk {
  if (length < 16) throw new GrimError(`the fmt chunk has ${length} bytes: expected at least 16`);
  const outerTag = view.getUint16(offset, true);
  const channels = view.getUint16(offset + 2, true);
  const sampleRate = view.getUint32(offset + 4, true);
  const frameBytes = view.getUint16(offset + 12, true);
  const bits = view.getUint16(offset + 14, true);
  if (channels === 0 || channels > maximumChannels) {
    throw new GrimError(`${channels} channels: expected 1 to ${maximumChannels}`);
  }
  if (sampleRate === 0) throw new GrimError('a sample rate of 0 Hz: expected at least 1 Hz');
  if (frameBytes === 0 || frameBytes % channels !== 0) {
    throw new GrimError(`${frameBytes} bytes per frame: expected a multiple of the ${channels} channels`);
  }
  const tag = outerTag === extensibleTag ? readSubformat(view, offset, length) : outerTag;
  return { tag, channels, sampleRate, frameBytes, bytes: frameBytes / channels, bits };
}

function readSubformat(view: DataView, offset: number, length: number): number {
  if (length < 40) {
    throw new GrimError(`the fmt chunk of WAVE_FORMAT_EXTENSIBLE has ${length} bytes: expected at least 40`);
  }
  const start = offset + subformatOffset;
  const known = subformatTail.every((byte, index) => view.getUint8(start + 2 + index) === byte);
  if (!known) {
    const bytes = Array.from({ length: 16 }, (_, index) => hexadecimal(view.getUint8(start + index)));
    throw new GrimError(`sub-format ${bytes.join('')} is not read: expected PCM, float, A-law or µ-law`);
  }
  return view.getUint16(start, true);
}

function decodeFrames(view: DataView, format: FormatChunk, data: DataChunk): WavAudio {
  const decode = sampleDecoder(format);
  const frames = Math.floor(data.length / format.frameBytes);
  if (frames === 0) throw new GrimError('the data chunk holds no samples: expected at least one');
  const channels = Array.from({ length: format.channels }, () => new Float32Array(frames));
  channels.forEach((samples, channel) => {
    let offset = data.offset + channel * format.bytes;
    for (let frame = 0; frame < frames; frame++, offset += format.frameBytes) {
      samples[frame] = decode(view, offset);
    }
  });
  return { sampleRate: format.sampleRate, channels };
}

function chunkName(view: DataView, offset: number): string {
  return printable([0, 1, 2, 3].map((index) => view.getUint8(offset + index)));
}

function startOf(view: DataView): string {
  const length = Math.min(4, view.byteLength);
  return printable(Array.from({ length }, (_, index) => view.getUint8(index)));
}

/** Bytes of unknown origin as one line of text: what is not printable ASCII becomes an escape. */
function printable(bytes: readonly number[]): string {
  return bytes
    .map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : `\\x${hexadecimal(byte)}`))
    .join('');
}

function hexadecimal(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}
