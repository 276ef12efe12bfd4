import { create } from '@bufbuild/protobuf';
import { GrimError } from '../errors.ts';
import {
  HeaderSchema,
  type SectionEncoding,
  type Header,
  type Provenance as ProvenanceMessage,
} from '../gen/grim/v1/container_pb.ts';
import { alignUp } from './align-up.ts';
import { crc32 } from './crc32.ts';
import { maximumHeaderBytes, schemaVersion } from './limits.ts';
import { encodeMessage } from './messages.ts';
import { magic, preambleBytes, sectionAlignment, sectionKinds, type SectionName } from './sections.ts';

/** A section to be written. */
export interface SectionContent {
  readonly name: SectionName;
  readonly encoding: SectionEncoding;
  /** Bytes by where they start in the section, ascending; zeros lie between them. */
  readonly parts: readonly { readonly offset: number; readonly bytes: Uint8Array }[];
}

/** Offsets and lengths are 32-bit. */
const maximumFileBytes = 2 ** 32 - 1;

/** The bytes of a `.grim` file with these sections, in this order. */
export function writeContainer(
  contents: readonly SectionContent[],
  provenance: ProvenanceMessage,
): Uint8Array {
  const header = create(HeaderSchema, {
    provenance,
    // Neither offset nor checksum is known yet; non-zero values reserve their bytes.
    sections: contents.map(({ name, encoding, parts }) => ({
      kind: sectionKinds[name],
      encoding,
      offset: sectionAlignment,
      length: partsEnd(parts),
      crc32: 1,
    })),
  });
  const reserved = encodeHeader(header).length;
  let end = preambleBytes + reserved;
  for (const section of header.sections) {
    section.offset = alignUp(end, sectionAlignment);
    end = section.offset + section.length;
  }
  if (end > maximumFileBytes) throw new GrimError(`${end} bytes do not fit a .grim file, which holds 4 GiB`);
  const file = new Uint8Array(end);
  header.sections.forEach((section, index) => {
    for (const { offset, bytes } of contents[index]?.parts ?? []) file.set(bytes, section.offset + offset);
    section.crc32 = crc32(file.subarray(section.offset, section.offset + section.length));
  });
  const encoded = encodeHeader(header);
  file.set(encoded, preambleBytes);
  const preamble = new DataView(file.buffer);
  preamble.setUint32(0, magic, true);
  preamble.setUint32(4, schemaVersion, true);
  preamble.setUint32(8, encoded.length, true);
  preamble.setUint32(12, crc32(encoded), true);
  return file;
}

function partsEnd(parts: SectionContent['parts']): number {
  const last = parts.at(-1);
  return last ? last.offset + last.bytes.length : 0;
}

function encodeHeader(header: Header): Uint8Array {
  const bytes = encodeMessage(HeaderSchema, header);
  if (bytes.length > maximumHeaderBytes) {
    throw new GrimError(`a header of ${bytes.length} bytes is too long, the limit is ${maximumHeaderBytes}`);
  }
  return bytes;
}
