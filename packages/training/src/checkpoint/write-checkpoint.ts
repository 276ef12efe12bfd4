import { elementCount, formatShape, GrimError } from '@grim/ir';
import type { TrainingState } from '@grim/prune';
import { checksumsOf } from './checksums.ts';
import { maximumHeader } from './maximum-header.ts';

/** Data begins at a multiple of this many bytes. */
const alignment = 8;

/**
 * A training state as a safetensors file: the length of a header as a 64-bit number, the header in JSON, then the values as 32-bit
 * floats, all little-endian. What is no tensor is JSON under `json` in the metadata of the header, with checksums of it and of the values.
 *
 * @param state - What is kept.
 * @returns The whole file.
 * @throws `GrimError` when a tensor has not as many values as its shape says, or the name of the metadata; when a number of the JSON is not
 * finite, or the header would be larger than `readCheckpoint` takes.
 */
export function writeCheckpoint({ tensors, json }: TrainingState): Uint8Array {
  requireFiniteNumbers(json, 'json');
  const header: [string, unknown][] = [];
  let size = 0;
  for (const [name, { shape, data }] of tensors) {
    if (name === '__metadata__') throw new GrimError(`a tensor may not be called ${name}`);
    if (data.length !== elementCount(shape)) {
      throw new GrimError(`tensor ${name} of shape ${formatShape(shape)} has ${data.length} value(s)`);
    }
    header.push([name, { dtype: 'F32', shape, data_offsets: [size, size + data.length * 4] }]);
    size += data.length * 4;
  }
  const values = new Uint8Array(size);
  const view = new DataView(values.buffer);
  let offset = 0;
  for (const { data } of tensors.values()) {
    for (const value of data) {
      view.setFloat32(offset, value, true);
      offset += 4;
    }
  }
  const text = JSON.stringify(json);
  const entries = Object.fromEntries(header);
  const metadata = { json: text, ...checksumsOf(text, entries, values) };
  const head = new TextEncoder().encode(JSON.stringify({ __metadata__: metadata, ...entries }));
  const headerSize = Math.ceil(head.length / alignment) * alignment;
  if (headerSize > maximumHeader) {
    throw new GrimError(
      `a header of ${headerSize} bytes is above the limit of ${maximumHeader}: what is not in tensors has to be small`,
    );
  }
  const bytes = new Uint8Array(8 + headerSize + size);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(headerSize), true);
  // The format fills up its header with spaces.
  bytes.fill(0x20, 8, 8 + headerSize);
  bytes.set(head, 8);
  bytes.set(values, 8 + headerSize);
  return bytes;
}

/** Refuses what JSON would silently turn into null. */
function requireFiniteNumbers(value: unknown, path: string): void {
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new GrimError(`${path} is ${value}, which JSON cannot hold`);
  }
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) requireFiniteNumbers(inner, `${path}.${key}`);
}
