import { basename, join } from 'node:path';
import { prepareOutputFolder } from '../files/prepare-output-folder.ts';

/** Where the parts of a compiled model go. */
export interface CompilePaths {
  readonly grim: string;
  readonly wat: string;
}

/**
 * The files for an output that is a `.grim` file or a folder; in a folder they are named after the model. The folder is
 * created when it is not there.
 */
export async function compilePaths(model: string, output: string): Promise<CompilePaths> {
  if (output.endsWith('.grim')) return { grim: output, wat: output.replace(/\.grim$/, '.wat') };
  await prepareOutputFolder(output);
  const name = basename(model).replace(/\.(onnx|grim)$/i, '') || 'model';
  return { grim: join(output, `${name}.grim`), wat: join(output, `${name}.wat`) };
}
