import { GrimError } from '@grim/ir';
import type { FoldingBudget } from '../folding/folding-budget.ts';
import type { TensorSource } from './tensor-source.ts';

/** A part of a file beside the model. */
export interface ExternalDataRequest {
  /** Path relative to the model's folder, `/`-separated, as the model gives it. Never absolute, never with `..`. */
  readonly location: string;
  /** First byte. */
  readonly offset: number;
  /** Number of bytes, which follows from the shape of the tensor. */
  readonly length: number;
}

/** Gives exactly `length` bytes of external data, or throws a `GrimError`. */
export type ExternalDataReader = (request: ExternalDataRequest) => Uint8Array;

/**
 * A reader over files that are in memory, for browsers: fetch what the model needs, then import.
 *
 * @param files - bytes of each file by its path relative to the model's folder
 */
export function externalDataFrom(files: ReadonlyMap<string, Uint8Array>): ExternalDataReader {
  return ({ location, offset, length }) => {
    const bytes = files.get(location);
    if (!bytes) throw new GrimError(`external data file ${location} was not given`);
    if (offset > bytes.length || length > bytes.length - offset) {
      throw new GrimError(
        `external data ${location} has ${bytes.length} bytes, but ${length} are needed from byte ${offset}`,
      );
    }
    return bytes.subarray(offset, offset + length);
  };
}

/**
 * Refuses locations that are not plainly inside the model's folder, before anyone opens them: absolute paths, drive
 * letters and streams (`:`), backslashes, which one system takes for separators and another for part of a name, and
 * empty, `.` and `..` segments.
 */
export function checkLocation(location: string): void {
  const segments = location.split('/');
  const outside =
    location.includes('\0') ||
    /[\\:]/.test(location) ||
    segments.some((segment) => segment === '' || segment === '.' || segment === '..');
  if (outside) {
    throw new GrimError(
      `external data location ${JSON.stringify(location)} is not a path inside the model's folder`,
    );
  }
}

/**
 * The request that a tensor's external-data entries amount to.
 *
 * @param entries - keys `location`, `offset` and `length`; others, such as `checksum`, are not used
 * @param length - bytes that the tensor's shape and type need
 */
function externalDataRequest(entries: ReadonlyMap<string, string>, length: number): ExternalDataRequest {
  const location = entries.get('location');
  if (location === undefined) throw new GrimError('external data without a location');
  checkLocation(location);
  const offset = byteCount(entries.get('offset') ?? '0', 'offset');
  const stated = entries.get('length');
  if (stated !== undefined && byteCount(stated, 'length') !== length) {
    throw new GrimError(`external data of ${stated} bytes, but the shape needs ${length}`);
  }
  return { location, offset, length };
}

function byteCount(text: string, label: string): number {
  const value = /^\d{1,16}$/.test(text) ? Number(text) : NaN;
  if (!Number.isSafeInteger(value)) {
    throw new GrimError(`external data ${label} ${JSON.stringify(text)} is not a number of bytes`);
  }
  return value;
}

/** The bytes that a tensor's external-data entries name, through `read`; what comes back is checked. */
export function externalSource(
  read: ExternalDataReader | undefined,
  budget: FoldingBudget,
): TensorSource['external'] {
  return (entries, length) => {
    const request = externalDataRequest(entries, length);
    if (!read) {
      throw new GrimError(
        `its data is in ${request.location}; give option readExternal (in Node: nodeExternalData(path of the model))`,
      );
    }
    const bytes = read(request);
    if (bytes.length !== length) {
      throw new GrimError(
        `external data ${request.location} gave ${bytes.length} bytes instead of ${length}`,
      );
    }
    budget.grow(length);
    return bytes;
  };
}
