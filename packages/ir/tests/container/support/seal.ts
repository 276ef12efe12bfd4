import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { crc32 } from '../../../src/container/crc32.ts';
import {
  HeaderSchema,
  type Header,
  type Section,
  type SectionKind,
} from '../../../src/gen/grim/v1/container_pb.ts';

/** The header of a file that is whole. */
export function headerOf(file: Uint8Array): Header {
  const length = new DataView(file.buffer, file.byteOffset).getUint32(8, true);
  return fromBinary(HeaderSchema, file.subarray(16, 16 + length));
}

/** The section of one kind. */
export function sectionOf(header: Header, kind: SectionKind): Section {
  const section = header.sections.find((candidate) => candidate.kind === kind);
  if (!section) throw new Error(`no section of kind ${kind}`);
  return section;
}

/** Replaces the header and makes the checksum of the header right; no other field is. */
export function withHeader(file: Uint8Array, header: Header): Uint8Array {
  const bytes = toBinary(HeaderSchema, header);
  const sealed = file.slice();
  if (16 + bytes.length > sealed.length) throw new RangeError('the header does not fit the file');
  sealed.set(bytes, 16);
  const preamble = new DataView(sealed.buffer);
  preamble.setUint32(8, bytes.length, true);
  preamble.setUint32(12, crc32(bytes), true);
  return sealed;
}

/** Makes the checksums of all sections right after their bytes were changed, so that readers get past them. */
export function resealed(file: Uint8Array, header: Header): Uint8Array {
  for (const section of header.sections) {
    section.crc32 = crc32(file.subarray(section.offset, section.offset + section.length));
  }
  return withHeader(file, header);
}

/** The file with `edit` applied to its header, and right checksums. */
export function edited(file: Uint8Array, edit: (header: Header) => void): Uint8Array {
  const header = headerOf(file);
  edit(header);
  return withHeader(file, header);
}

/** The file with one section replaced by other bytes, and right checksums. */
export function withSection(file: Uint8Array, kind: SectionKind, bytes: Uint8Array): Uint8Array {
  const header = headerOf(file);
  const section = sectionOf(header, kind);
  const offset = Math.ceil(file.length / 64) * 64;
  const longer = new Uint8Array(offset + bytes.length);
  longer.set(file);
  longer.set(bytes, offset);
  section.offset = offset;
  section.length = bytes.length;
  return resealed(longer, header);
}
