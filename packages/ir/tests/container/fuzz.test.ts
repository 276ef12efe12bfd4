import { bcrcCodec } from '@grim/bcr';
import { expect, test } from 'vitest';
import { SectionKind, type Header } from '../../src/gen/grim/v1/container_pb.ts';
import {
  GrimError,
  readArtefact,
  readProgram,
  writeArtefact,
  type Artefact,
  type MatrixCodec,
} from '../../src/index.ts';
import { headerOf, resealed, withHeader } from './support/seal.ts';
import { sampleArtefact } from './support/sample-artefact.ts';

/** Mutations per run of this test, and the seed that makes them the same on every machine. */
const budget = 10_000;
const seed = 20_240_607;

/** The bound that `readArtefact` states: bytes of arrays that come out per byte of the file. */
const expansion = 256;

/** mulberry32: small, fast and good enough to pick what to break. */
function randomNumbers(start: number): (below: number) => number {
  let state = start;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

type Random = (below: number) => number;

/** Numbers at which arithmetic on offsets and lengths goes wrong. */
const edges = [
  0, 1, 3, 15, 16, 63, 64, 0x7f, 0x80, 0xff, 0xffff, 0x7fffffff, 0x80000000, 0xfffffff0, 0xffffffff,
];

function edge(random: Random): number {
  return edges[random(edges.length)] ?? 0;
}

type Mutation = (file: Uint8Array, other: Uint8Array, random: Random) => Uint8Array;

const mutations: Record<string, Mutation> = {
  flipBits: (file, _other, random) => {
    for (let count = 1 + random(8); count > 0; count--) {
      const at = random(file.length);
      file[at] = (file[at] ?? 0) ^ (1 << random(8));
    }
    return file;
  },
  truncate: (file, _other, random) => file.slice(0, random(file.length)),
  splice: (file, other, random) => {
    const length = random(Math.min(200, file.length, other.length));
    const from = random(other.length - length);
    file.set(other.subarray(from, from + length), random(file.length - length));
    return file;
  },
  remove: (file, _other, random) => {
    const at = random(file.length);
    const rest = file.subarray(Math.min(file.length, at + 1 + random(80)));
    const shorter = new Uint8Array(at + rest.length);
    shorter.set(file.subarray(0, at));
    shorter.set(rest, at);
    return shorter;
  },
  writeWord: (file, _other, random) => {
    new DataView(file.buffer).setUint32(random(file.length - 3), edge(random), true);
    return file;
  },
  writePreamble: (file, _other, random) => {
    new DataView(file.buffer).setUint32(4 * random(4), edge(random), true);
    return file;
  },
  /** A varint where one may stand: lengths, counts and extents of messages. */
  writeVarint: (file, _other, random) => {
    const at = random(file.length - 5);
    const length = 1 + random(5);
    for (let byte = 0; byte < length; byte++) file[at + byte] = random(256) | (byte + 1 < length ? 0x80 : 0);
    return file;
  },
};

/** Changes of the bytes of one section, with right checksums afterwards, so that what is behind them is reached. */
function mutateSection(file: Uint8Array, other: Uint8Array, random: Random): Uint8Array {
  const header = headerOf(file);
  const messages = header.sections.filter(
    ({ kind }) => kind === SectionKind.GRAPH || kind === SectionKind.PLAN,
  );
  const choice = random(3) > 0 ? messages : header.sections;
  const section = choice[random(choice.length)];
  if (!section || section.length < 8) return file;
  const inside = file.slice(section.offset, section.offset + section.length);
  const names = ['flipBits', 'splice', 'writeWord', 'writeVarint', 'remove'];
  const changed = mutations[names[random(names.length)] ?? '']?.(inside, other, random) ?? inside;
  file.set(changed.subarray(0, section.length), section.offset);
  // A shorter section leaves a hole or ends the file.
  if (section.offset + section.length === file.length) file = file.slice(0, section.offset + changed.length);
  section.length = changed.length;
  return resealed(file, header);
}

/** Changes of the table of sections, with a right checksum of the header afterwards. */
function mutateHeader(file: Uint8Array, _other: Uint8Array, random: Random): Uint8Array {
  const header: Header = headerOf(file);
  const at = random(header.sections.length);
  const section = header.sections[at];
  const another = header.sections[random(header.sections.length)];
  if (!section || !another) return file;
  const edits: (() => unknown)[] = [
    () => (section.offset = edge(random)),
    () => (section.length = edge(random)),
    () => (section.crc32 = random(2 ** 32)),
    () => (section.kind = random(8) as typeof section.kind),
    () => (section.encoding = random(4) as typeof section.encoding),
    () => (section.offset = another.offset),
    () => ([section.offset, another.offset] = [another.offset, section.offset]),
    () => Object.assign(section, { ...another, kind: section.kind }),
    () => (section.length += random(129) - 64),
    () => header.sections.splice(at, 1),
    () => header.sections.push(another),
    () => delete header.provenance,
  ];
  edits[random(edits.length)]?.();
  for (const { offset, length } of header.sections) {
    // The writer of the message refuses these; a mutation must not.
    if (offset < 0 || length < 0 || offset > 0xffffffff || length > 0xffffffff) return file;
  }
  const fits = file.length > 2000;
  return fits ? withHeader(file, header) : file;
}

/** Mutations by name; those that reach deepest come most often. */
const kinds: readonly (readonly [string, Mutation])[] = [
  ...Object.entries(mutations),
  ...Array.from({ length: 8 }, () => ['mutateSection', mutateSection] as const),
  ...Array.from({ length: 2 }, () => ['mutateHeader', mutateHeader] as const),
];

function bytesOf(artefact: Partial<Artefact>): number {
  const arrays = [
    artefact.code,
    artefact.image,
    ...(artefact.plan?.states ?? []).map(({ initial }) => initial),
    ...(artefact.graph?.states ?? []).map(({ initial }) => initial),
    ...[...(artefact.graph?.constants.values() ?? [])].map(({ data }) => data),
  ];
  return arrays.reduce((total, array) => total + (array?.byteLength ?? 0), 0);
}

test(`${budget} mutations of real files are read or refused, nothing else`, () => {
  const random = randomNumbers(seed);
  const { graph: _graph, ...program } = sampleArtefact;
  const files = [
    writeArtefact(sampleArtefact, { codecs: [bcrcCodec] }),
    writeArtefact(sampleArtefact, { imageEncoding: 'raw' }),
    writeArtefact(program),
  ];
  const outcomes = new Map<string, number>();
  const count = (outcome: string): void => void outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  let decodedPerByte = 0;
  const codec: MatrixCodec = {
    ...bcrcCodec,
    decode: (bytes, rows, columns) => {
      decodedPerByte = Math.max(decodedPerByte, (4 * rows * columns) / bytes.length);
      return bcrcCodec.decode(bytes, rows, columns);
    },
  };

  for (let round = 0; round < budget; round++) {
    const [name, mutate] = kinds[random(kinds.length)] ?? ['', mutateSection];
    const original = files[random(files.length)] ?? new Uint8Array(0);
    const other = files[random(files.length)] ?? new Uint8Array(0);
    const file = mutate(original.slice(), other, random);
    const where = `round ${round}, ${name}`;
    for (const read of [
      () => readArtefact(file, { file: 'f.grim', codecs: [codec] }),
      () => readProgram(file, 'f.grim'),
    ]) {
      try {
        const result = read();
        expect(bytesOf(result), where).toBeLessThanOrEqual(expansion * file.length);
        count('read');
      } catch (error) {
        if (!(error instanceof GrimError)) throw new Error(`${where}: not a GrimError`, { cause: error });
        expect(error.message, where).toMatch(/^f\.grim: [^\n]+$/);
        count(/checksum/.test(error.problem) ? 'checksum' : (error.context.layer ?? 'file'));
      }
    }
  }

  expect(decodedPerByte).toBeLessThanOrEqual(expansion);
  // The mutations went deep enough: past the checksums into every kind of section, and some did no harm.
  for (const outcome of [
    'read',
    'checksum',
    'file',
    'header',
    'section plan',
    'section graph',
    'section image',
    'lr',
  ]) {
    expect(outcomes.get(outcome) ?? 0, outcome).toBeGreaterThan(5);
  }
});
