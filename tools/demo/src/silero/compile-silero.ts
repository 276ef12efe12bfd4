import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename } from 'node:path';
import { compileGraph } from '@grim/codegen-wasm';
import { writeArtefact, type CompiledProgram, type Graph } from '@grim/ir';
import { sileroFile, type SileroVariant } from './silero-variants.ts';

/** A compiled model, and the file that a page would download. */
export interface CompiledSilero extends CompiledProgram {
  /** The `.grim` file: plan, WebAssembly and weights as the kernels read them. */
  readonly file: Uint8Array;
}

/** Compiles a graph into one WebAssembly module and packs it, with its weights, into one file. */
export async function compileSilero(
  variant: SileroVariant,
  graph: Graph,
  options: Readonly<Record<string, string>> = {},
): Promise<CompiledSilero> {
  const program = await compileGraph(graph);
  const source = sileroFile(variant);
  const { version } = createRequire(import.meta.url)('@grim/ir/package.json') as { version: string };
  const file = writeArtefact({
    ...program,
    provenance: {
      grimVersion: version,
      sourceFile: basename(source),
      sourceSha256: createHash('sha256').update(readFileSync(source)).digest('hex'),
      importer: `@grim/onnx ${version}`,
      options,
    },
  });
  return { ...program, file };
}
