import { GrimError, withContext } from '../errors.ts';
import {
  HeaderSchema,
  SectionEncoding,
  type Header,
  type Provenance as ProvenanceMessage,
  type Section,
} from '../gen/grim/v1/container_pb.ts';
import { fromBytePlanes } from './byte-planes.ts';
import { crc32 } from './crc32.ts';
import { maximumHeaderBytes, schemaVersion } from './limits.ts';
import { decodeMessage } from './messages.ts';
import { magic, preambleBytes, sectionAlignment, sectionNames, type SectionName } from './sections.ts';

/** A `.grim` file whose header was checked; sections are checked as they are asked for. */
export interface Container {
  readonly provenance: ProvenanceMessage | undefined;
  /** The decoded bytes of a section, `undefined` when the file has none. Throws when its checksum does not match. */
  readonly section: (name: SectionName) => Uint8Array | undefined;
}

/** Bytes of a section that must be there. */
export function requireSection(container: Container, name: SectionName): Uint8Array {
  const bytes = container.section(name);
  if (bytes === undefined)
    throw new GrimError(`the file has no ${name} section`, { layer: `section ${name}` });
  return bytes;
}

/** Reads preamble and header. Every offset and length is checked against the file before anything uses it. */
export function readContainer(file: Uint8Array): Container {
  // A plain view: some methods of Node's Buffer, slice among them, share where those of Uint8Array copy.
  const bytes = new Uint8Array(file.buffer, file.byteOffset, file.length);
  const { header, end } = readHeader(bytes);
  const sections = locateSections(bytes, header.sections, end);
  return {
    provenance: header.provenance,
    section: (name) => {
      const section = sections.get(name);
      return section && withContext({ layer: `section ${name}` }, () => readSection(bytes, section));
    },
  };
}

function readHeader(bytes: Uint8Array): { header: Header; end: number } {
  if (bytes.length < preambleBytes) {
    throw new GrimError(`${bytes.length} bytes are too few for a .grim file`);
  }
  const preamble = new DataView(bytes.buffer, bytes.byteOffset, preambleBytes);
  if (preamble.getUint32(0, true) !== magic) throw new GrimError('is not a .grim file');
  const version = preamble.getUint32(4, true);
  if (version !== schemaVersion) {
    throw new GrimError(`has schema version ${version}; this release reads version ${schemaVersion}`);
  }
  const length = preamble.getUint32(8, true);
  return withContext({ layer: 'header' }, () => {
    const available = Math.min(bytes.length - preambleBytes, maximumHeaderBytes);
    if (length > available) throw new GrimError(`claims ${length} bytes, at most ${available} are possible`);
    const header = bytes.subarray(preambleBytes, preambleBytes + length);
    compareChecksums(preamble.getUint32(12, true), crc32(header));
    return { header: decodeMessage(HeaderSchema, header), end: preambleBytes + length };
  });
}

function locateSections(
  bytes: Uint8Array,
  sections: Section[],
  headerEnd: number,
): Map<SectionName, Section> {
  const located = new Map<SectionName, Section>();
  let end = headerEnd;
  for (const section of sections.toSorted((a, b) => a.offset - b.offset)) {
    const name = sectionNames.get(section.kind);
    const layer = `section ${name ?? section.kind}`;
    if (section.offset % sectionAlignment !== 0) {
      throw new GrimError(
        `starts at byte ${section.offset}, which is not a multiple of ${sectionAlignment}`,
        { layer },
      );
    }
    if (section.offset < end) {
      throw new GrimError(`starts at byte ${section.offset}, inside what ends at byte ${end}`, { layer });
    }
    end = section.offset + section.length;
    if (end > bytes.length) {
      throw new GrimError(`ends at byte ${end}, the file at byte ${bytes.length}`, { layer });
    }
    if (name === undefined) continue;
    if (located.has(name)) throw new GrimError('occurs twice', { layer });
    located.set(name, section);
  }
  if (end !== bytes.length) {
    throw new GrimError(`${bytes.length - end} bytes follow the last section`);
  }
  return located;
}

function readSection(bytes: Uint8Array, section: Section): Uint8Array {
  const stored = bytes.subarray(section.offset, section.offset + section.length);
  compareChecksums(section.crc32, crc32(stored));
  switch (section.encoding) {
    case SectionEncoding.RAW:
      return stored;
    case SectionEncoding.BYTE_PLANES:
      return fromBytePlanes(stored);
    default:
      throw new GrimError(`has encoding ${section.encoding}, which this release does not know`);
  }
}

function compareChecksums(expected: number, actual: number): void {
  if (expected === actual) return;
  const hex = (value: number): string => value.toString(16).padStart(8, '0');
  throw new GrimError(
    `checksum mismatch, the file is damaged: expected ${hex(expected)}, got ${hex(actual)}`,
  );
}
