import { basename, dirname, join } from 'node:path';
import { GrimError } from '@grim/ir';
import { checkOutputFile } from '../files/check-output-file.ts';
import { checkOutputFolder } from '../files/check-output-folder.ts';
import { namingFile } from '../files/naming-file.ts';
import { statusOf } from '../files/status-of.ts';

/** Where the parts of a compiled model go. */
export interface CompilePaths {
  /** The folder of all of them; it may have to be made. */
  readonly folder: string;
  /** Path of each without its ending. */
  readonly stem: string;
  readonly grim: string;
  readonly wat: string;
}

/** Endings that a folder may have, but for which a file is more likely meant. */
const fileEndings = /\.(?:onnx|wasm|wat|[mc]?[jt]s|json|npy|bin|[ch])$/i;

/**
 * The files for an output that is a `.grim` file or a folder; in a folder they are named after the model. Nothing is written yet.
 *
 * @throws GrimError when the output is neither, or its folder is not there and cannot be made.
 */
export async function compilePaths(model: string, output: string): Promise<CompilePaths> {
  if (output.endsWith('.grim')) {
    await checkOutputFile(output, [model]);
    return pathsOf(dirname(output), output.slice(0, -'.grim'.length));
  }
  await namingFile(output, async () => {
    const existing = await statusOf(output);
    if (existing ? !existing.isDirectory() : fileEndings.test(output)) {
      throw new GrimError('is neither a .grim file nor a folder; end its name in .grim, or give a folder');
    }
  });
  await checkOutputFolder(output);
  const name = basename(model).replace(/\.(onnx|grim)$/i, '') || 'model';
  return pathsOf(output, join(output, name));
}

function pathsOf(folder: string, stem: string): CompilePaths {
  return { folder, stem, grim: `${stem}.grim`, wat: `${stem}.wat` };
}
