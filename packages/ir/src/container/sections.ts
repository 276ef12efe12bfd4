import { SectionKind } from '../gen/grim/v1/container_pb.ts';

/** Sections by the names that messages use. */
export type SectionName = 'code' | 'graph' | 'image' | 'plan' | 'relaxed code' | 'weights';

/** Kinds as stored. */
export const sectionKinds = {
  code: SectionKind.CODE,
  graph: SectionKind.GRAPH,
  image: SectionKind.IMAGE,
  plan: SectionKind.PLAN,
  'relaxed code': SectionKind.RELAXED_CODE,
  weights: SectionKind.WEIGHTS,
} satisfies Record<SectionName, SectionKind>;

/** Names by kind; kinds of later releases are missing. */
export const sectionNames: ReadonlyMap<SectionKind, SectionName> = new Map(
  (Object.keys(sectionKinds) as SectionName[]).map((name) => [sectionKinds[name], name]),
);

/** `GRIM` as a little-endian word. */
export const magic = 0x4d495247;

/** Bytes ahead of the header: magic, schema version, header length, header checksum. */
export const preambleBytes = 16;

/** Sections start at multiples of a cache line, so that weights can be viewed in place. */
export const sectionAlignment = 64;
