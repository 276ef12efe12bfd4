import type { Graph } from '@grim/ir';
import { namingFile } from '../files/naming-file.ts';
import { readOperatorsFile } from './operators-file.ts';

/** Bytes for data and stack of operators. */
const memoryBytes = 2 ** 24;

/** Names of the functions of a user's own that a graph calls. */
function functionsOf({ nodes }: Graph): string[] {
  return [...new Set(nodes.flatMap(({ op }) => (op.kind === 'custom' ? [op.function] : [])))];
}

/**
 * Compiles the C files of operators of a user's own to WebAssembly, as they are linked to the code of a model.
 *
 * @param file - See `readOperatorsFile`.
 * @returns The module; nothing where the graph calls no such operator.
 * @throws GrimError when there is no toolchain, with how to get one, or the C files are wrong, with file and line.
 */
export async function compileOperators(file: string, graph: Graph): Promise<Uint8Array | undefined> {
  const functions = functionsOf(graph);
  if (functions.length === 0) return undefined;
  const { sources, includeFolders, defines } = await readOperatorsFile(file);
  const [{ compileToWasm, findToolchain, requireModule }, { operatorHeader, operatorHeaderFile }] =
    await Promise.all([import('@grim/emscripten'), import('@grim/codegen-c')]);
  return namingFile(file, async () => {
    const toolchain = await findToolchain();
    const compilation = await compileToWasm(toolchain, {
      sources,
      files: { [operatorHeaderFile]: operatorHeader },
      includeFolders,
      defines,
      exports: [...functions, '__heap_base'],
      warnings: ['all', 'extra'],
      // Becomes a part of the model's, which never grows.
      memory: { origin: 'imported', initialBytes: memoryBytes, maximumBytes: memoryBytes },
    });
    return requireModule(compilation);
  });
}
