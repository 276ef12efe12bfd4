import { GrimError, withContext, type Tensor } from '@grim/ir';
import type { TrainingState } from '@grim/prune';
import { checkChecksums, checksumsOf } from './checksums.ts';
import { maximumHeader } from './maximum-header.ts';

/** Where the values of a tensor are, in bytes from the end of the header. */
interface Entry {
  readonly name: string;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

/**
 * Reads what `writeCheckpoint` wrote. Every length is held against the size of the file before anything is made of it.
 *
 * @param bytes - The whole file.
 * @param file - Its name, for errors.
 * @throws `GrimError` naming the file and what is wrong with it.
 */
export function readCheckpoint(bytes: Uint8Array, file?: string): TrainingState {
  return withContext(file === undefined ? {} : { file }, () => {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (bytes.length < 8) throw new GrimError(`is no checkpoint: it has only ${bytes.length} byte(s)`);
    const declared = view.getBigUint64(0, true);
    if (declared > BigInt(maximumHeader)) {
      throw new GrimError(
        `is no checkpoint: a header of ${declared} bytes is above the limit of ${maximumHeader}`,
      );
    }
    if (declared > BigInt(bytes.length - 8)) {
      throw new GrimError(
        `is no checkpoint: a header of ${declared} bytes does not fit ${bytes.length} bytes`,
      );
    }
    const dataStart = 8 + Number(declared);
    const header = parseRecord(bytes.subarray(8, dataStart), 'header');
    const { __metadata__: metadata, ...rest } = header;
    const entries = Object.entries(rest).map(([name, entry]) => parseEntry(name, entry));
    checkCoverage(entries, bytes.length - dataStart);
    const tensors = new Map<string, Tensor>();
    for (const { name, shape, begin, end } of entries) {
      const data = new Float32Array((end - begin) / 4);
      for (let index = 0; index < data.length; index++) {
        data[index] = view.getFloat32(dataStart + begin + index * 4, true);
      }
      tensors.set(name, { shape, data });
    }
    const fields = isRecord(metadata) ? metadata : {};
    const { json: text } = fields;
    if (typeof text !== 'string') throw new GrimError('has no json in its metadata, so it is no checkpoint');
    checkChecksums(fields, checksumsOf(text, rest, bytes.subarray(dataStart)));
    return { tensors, json: recordOf(text, 'metadata') };
  });
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function recordOf(text: string, what: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new GrimError(`has a ${what} that is not JSON`);
  }
  if (!isRecord(value)) throw new GrimError(`has a ${what} that is no object`);
  return value;
}

function parseRecord(bytes: Uint8Array, what: string): Readonly<Record<string, unknown>> {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new GrimError(`has a ${what} that is not UTF-8`);
  }
  return recordOf(text, what);
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;

function parseEntry(name: string, entry: unknown): Entry {
  const { dtype, shape, data_offsets: offsets } = isRecord(entry) ? entry : {};
  if (dtype !== 'F32') throw new GrimError(`tensor ${name} does not hold 32-bit floats (F32)`);
  const begin: unknown = Array.isArray(offsets) && offsets.length === 2 ? offsets[0] : undefined;
  const end: unknown = Array.isArray(offsets) ? offsets[1] : undefined;
  if (!Array.isArray(shape) || !shape.every(isCount) || !isCount(begin) || !isCount(end)) {
    throw new GrimError(`tensor ${name} has no shape or no data_offsets`);
  }
  const count = shape.reduce((product, extent) => product * extent, 1);
  if (count * 4 !== end - begin) {
    throw new GrimError(`tensor ${name} of shape [${shape.join(',')}] does not fill ${end - begin} bytes`);
  }
  return { name, shape, begin, end };
}

/** Refuses values that overlap, leave gaps or reach past the end. */
function checkCoverage(entries: readonly Entry[], size: number): void {
  let reached = 0;
  for (const { name, begin, end } of entries.toSorted((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (begin !== reached || end > size) {
      throw new GrimError(
        `tensor ${name} is at bytes ${begin} to ${end} of ${size}, expected from ${reached}`,
      );
    }
    reached = end;
  }
  if (reached !== size) throw new GrimError(`has ${size - reached} byte(s) behind its tensors`);
}
