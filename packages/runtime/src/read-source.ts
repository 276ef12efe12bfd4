import { GrimError } from '@grim/ir/program';
import { nodeBuiltin } from './node-builtin.ts';

/** Where a model is loaded from: its bytes, or the URL of its file. */
export type ModelSource = Uint8Array | ArrayBuffer | URL;

/** What this package uses of `node:fs/promises`. */
interface NodeFiles {
  readonly readFile: (url: URL) => Promise<Uint8Array>;
}

/**
 * The bytes of a model. A `file:` URL is read by Node, every other URL is fetched.
 *
 * @throws GrimError when the file cannot be had.
 */
export async function readSource(source: ModelSource): Promise<Uint8Array> {
  if (ArrayBuffer.isView(source)) return source;
  if (isUrl(source)) return readUrl(source);
  const tag = tagOf(source);
  if (tag === 'ArrayBuffer' || tag === 'SharedArrayBuffer') return new Uint8Array(source);
  throw new GrimError(`a model is loaded from a Uint8Array, an ArrayBuffer or a URL object, got ${tag}`);
}

/** What errors call the file of a source; `undefined` for bytes. */
export function nameOfSource(source: ModelSource): string | undefined {
  if (!isUrl(source)) return undefined;
  // The text of a `data:` URL is the file itself.
  return source.protocol === 'data:' ? 'data: URL' : source.href;
}

async function readUrl(url: URL): Promise<Uint8Array> {
  const files = nodeBuiltin('node:fs/promises');
  try {
    if (url.protocol === 'file:' && files) return await (files as NodeFiles).readFile(url);
    const response = await fetch(url);
    if (!response.ok) throw new GrimError(`cannot be fetched, the status is ${response.status}`);
    return new Uint8Array(await response.arrayBuffer());
  } catch (error) {
    if (error instanceof GrimError) throw error;
    throw new GrimError(`cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** The tag names a type across realms, where instanceof does not; callers without types may pass anything. */
function tagOf(value: unknown): string {
  return Object.prototype.toString.call(value).slice(8, -1);
}

function isUrl(source: ModelSource): source is URL {
  return tagOf(source) === 'URL';
}
