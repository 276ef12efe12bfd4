import { GrimError, withContext } from '../errors.ts';
import type { Provenance as ProvenanceMessage } from '../gen/grim/v1/container_pb.ts';
import type { Graph } from '../graph.ts';
import { validateGraph } from '../validate.ts';
import type { Artefact, MatrixCodec, Provenance } from './artefact.ts';
import { loadConstants } from './constants.ts';
import { decodeGraphMessage, graphFromMessage } from './graph-message.ts';
import { isSha256 } from './is-sha256.ts';
import { decodePlan } from './plan-message.ts';
import { readContainer, requireSection, type Container } from './read-container.ts';

/** What {@link readArtefact} needs to know. */
export interface ReadOptions {
  /** Codecs for the compact forms that the file may use. */
  readonly codecs?: readonly MatrixCodec[];
  /** Name for error messages. */
  readonly file?: string;
}

/**
 * Reads a `.grim` file.
 *
 * The file may be damaged or hostile: every offset, length, count and shape is checked against the bytes there are
 * before anything is allocated for it, checksums cover all sections, and the graph is validated. Arrays that come out take
 * at most 256 times the bytes of the file.
 *
 * @param bytes - The whole file. Code and dense weights share its memory (weights only when it is aligned to 4 bytes).
 * @throws GrimError naming the file, the section and what is wrong.
 */
export function readArtefact(bytes: Uint8Array, options: ReadOptions = {}): Artefact {
  return withContext(options.file === undefined ? {} : { file: options.file }, () => {
    const container = readContainer(bytes);
    const image = container.section('image');
    const code = container.section('code');
    const relaxedCode = container.section('relaxed code');
    const planBytes = container.section('plan');
    const plan = planBytes && decodePlan(planBytes, image?.length ?? 0);
    const graph = readGraph(container, options.codecs ?? []);
    return {
      ...(graph && { graph }),
      ...(plan && { plan }),
      ...(code && { code }),
      ...(relaxedCode && { relaxedCode }),
      ...(image && { image }),
      provenance: provenanceOf(container.provenance),
    };
  });
}

function readGraph(container: Container, codecs: readonly MatrixCodec[]): Graph | undefined {
  const bytes = container.section('graph');
  if (!bytes) return undefined;
  const weights = requireSection(container, 'weights');
  const message = withContext({ layer: 'section graph' }, () => decodeGraphMessage(bytes));
  const constants = withContext({ layer: 'section weights' }, () =>
    loadConstants(message.constants, weights, codecs),
  );
  return withContext({ layer: 'section graph' }, () => {
    const graph = graphFromMessage(message, constants);
    validateGraph(graph);
    return graph;
  });
}

function provenanceOf(message: ProvenanceMessage | undefined): Provenance {
  if (!message) throw new GrimError('has no provenance', { layer: 'header' });
  const { sourceFile, sourceSha256, importer, grimVersion, options } = message;
  if (sourceSha256 !== undefined && !isSha256(sourceSha256)) {
    throw new GrimError('has a source SHA-256 that is not 64 lowercase hexadecimal digits', {
      layer: 'header',
    });
  }
  return {
    grimVersion,
    ...(sourceFile !== undefined && { sourceFile }),
    ...(sourceSha256 !== undefined && { sourceSha256 }),
    ...(importer !== undefined && { importer }),
    options: Object.fromEntries(options.map(({ name, value }) => [name, value])),
  };
}
