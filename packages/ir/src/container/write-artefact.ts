import { create } from '@bufbuild/protobuf';
import { GrimError, withContext } from '../errors.ts';
import {
  ProvenanceSchema,
  SectionEncoding,
  type Provenance as ProvenanceMessage,
} from '../gen/grim/v1/container_pb.ts';
import type { Graph } from '../graph.ts';
import { validateGraph } from '../validate.ts';
import type { Artefact, MatrixCodec, Provenance } from './artefact.ts';
import { toBytePlanes } from './byte-planes.ts';
import { storeConstants } from './constants.ts';
import { encodeGraph } from './graph-message.ts';
import { encodePlan } from './plan-message.ts';
import { isSha256 } from './is-sha256.ts';
import { writeContainer, type SectionContent } from './write-container.ts';

/** How {@link writeArtefact} stores what it is given. */
export interface WriteOptions {
  /** Compact forms for weights whose layer has a BCR specification, best first; without any they are stored dense. */
  readonly codecs?: readonly MatrixCodec[];
  /** Name for error messages. */
  readonly file?: string;
  /**
   * `bytePlanes` (default) stores the image so that gzip leaves about a tenth less of it, at under a millisecond per
   * megabyte when it is loaded; `raw` stores it as it is.
   */
  readonly imageEncoding?: 'bytePlanes' | 'raw';
}

/**
 * The bytes of a `.grim` file. What {@link readArtefact} reads from them is equal in every field and value; only zeros
 * in weights that a codec stores may lose their sign.
 *
 * @throws GrimError when the graph is not valid or the plan does not hold together.
 */
export function writeArtefact(artefact: Artefact, options: WriteOptions = {}): Uint8Array {
  return withContext(options.file === undefined ? {} : { file: options.file }, () => {
    const { graph, plan, code, relaxedCode, image } = artefact;
    const sections: SectionContent[] = [];
    // What a runtime reads comes first, so that a partial download can start with it.
    if (plan) sections.push(whole('plan', encodePlan(plan, image?.length ?? 0)));
    if (code) sections.push(whole('code', code));
    if (relaxedCode) sections.push(whole('relaxed code', relaxedCode));
    if (image) sections.push(imageSection(image, options.imageEncoding ?? 'bytePlanes'));
    if (graph) sections.push(...graphSections(graph, options.codecs ?? []));
    return writeContainer(sections, provenanceMessage(artefact.provenance));
  });
}

function whole(name: SectionContent['name'], bytes: Uint8Array): SectionContent {
  return { name, encoding: SectionEncoding.RAW, parts: [{ offset: 0, bytes }] };
}

function imageSection(image: Uint8Array, encoding: 'bytePlanes' | 'raw'): SectionContent {
  if (encoding === 'raw') return whole('image', image);
  return { ...whole('image', toBytePlanes(image)), encoding: SectionEncoding.BYTE_PLANES };
}

function graphSections(graph: Graph, codecs: readonly MatrixCodec[]): SectionContent[] {
  validateGraph(graph);
  const { constants, parts } = storeConstants(graph, codecs);
  return [
    whole('graph', encodeGraph(graph, constants)),
    { name: 'weights', encoding: SectionEncoding.RAW, parts },
  ];
}

function provenanceMessage(provenance: Provenance): ProvenanceMessage {
  const { sourceSha256, options, ...fields } = provenance;
  if (sourceSha256 !== undefined && !isSha256(sourceSha256)) {
    throw new GrimError(`${sourceSha256} is not a SHA-256 of 64 lowercase hexadecimal digits`);
  }
  return create(ProvenanceSchema, {
    ...fields,
    ...(sourceSha256 !== undefined && { sourceSha256 }),
    options: Object.entries(options).map(([name, value]) => ({ name, value })),
  });
}
