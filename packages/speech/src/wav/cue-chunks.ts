import { GrimError } from '@grim/ir/program';

/** A label at a place of a recording. */
export interface WavCue {
  /** Where it starts, in seconds. */
  readonly start: number;
  /** Where the labelled stretch ends, in seconds; without it the label marks a point. */
  readonly end?: number;
  /** The text an editor shows. */
  readonly label: string;
}

/**
 * The `cue ` and `LIST adtl` chunks of a WAV file, or no bytes when there is no cue.
 *
 * A cue point holds a position only. Its text is a `labl` entry of the list, its extent an `ltxt` entry of purpose
 * `rgn ` (Multimedia Programming Interface and Data Specifications 1.0, 1991, chapter 3).
 *
 * @param cues - The labels, in any order.
 * @param sampleRate - Samples per second.
 * @param frames - Length of the recording in samples; an end beyond it is moved to it.
 * @throws GrimError when a cue starts outside the recording or ends before it starts.
 */
export function cueChunks(cues: readonly WavCue[], sampleRate: number, frames: number): Uint8Array {
  if (cues.length === 0) return new Uint8Array(0);
  const regions = cues.map((cue, index) => ({
    identifier: uint32(index + 1),
    label: [...new TextEncoder().encode(cue.label.replaceAll('\0', ' ')), 0],
    ...samplePositions(cue, index, sampleRate, frames),
  }));
  const points = regions.map(({ identifier, start }) => {
    const position = uint32(start);
    return [identifier, position, ascii('data'), uint32(0), uint32(0), position].flat();
  });
  const texts = regions.flatMap(({ identifier, label, start, end }) => {
    const text = chunk('labl', [identifier, label]);
    if (end === undefined) return [text];
    // Country, language, dialect and code page stay unspecified.
    return [text, chunk('ltxt', [identifier, uint32(end - start), ascii('rgn '), uint32(0), uint32(0)])];
  });
  const cuePoints = chunk('cue ', [uint32(cues.length), ...points]);
  return Uint8Array.from([cuePoints, chunk('LIST', [ascii('adtl'), ...texts])].flat());
}

function samplePositions(cue: WavCue, index: number, sampleRate: number, frames: number) {
  const seconds = frames / sampleRate;
  if (!(cue.start >= 0 && cue.start <= seconds)) {
    throw new GrimError(
      `cue ${index} starts at ${cue.start} s: expected 0 to the ${seconds} s of the recording`,
    );
  }
  if (cue.end !== undefined && !(cue.end >= cue.start)) {
    throw new GrimError(`cue ${index} ends at ${cue.end} s: expected its start at ${cue.start} s or later`);
  }
  const position = (time: number) => Math.min(frames, Math.round(time * sampleRate));
  return { start: position(cue.start), end: cue.end === undefined ? undefined : position(cue.end) };
}

function chunk(name: string, parts: readonly (readonly number[])[]): number[] {
  const body = parts.flat();
  const padding = body.length % 2 === 0 ? [] : [0];
  return [ascii(name), uint32(body.length), body, padding].flat();
}

function ascii(text: string): number[] {
  return Array.from(text, (character) => character.charCodeAt(0));
}

function uint32(value: number): number[] {
  return [value & 0xff, (value >>> 8) & 0xff, (value >>> 16) & 0xff, value >>> 24];
}
