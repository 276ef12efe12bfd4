import { dirname, join, relative, resolve, sep } from 'node:path';
import type { OperatorSources } from '@grim/codegen-neon';
import { GrimError } from '@grim/ir';
import { readInputFile } from '../files/read-input-file.ts';
import { statusOf } from '../files/status-of.ts';
import { readOperatorsFile } from './operators-file.ts';

/** Operators have a few files; more are a mistake. */
const mostFiles = 256;

/** A line that includes a file, in quotes or angle brackets. */
const inclusion = /^[ \t]*#[ \t]*include[ \t]*(?:"([^"\n]+)"|<([^>\n]+)>)/gm;

/** A macro, perhaps with parameters. */
const macroName = /^[A-Za-z_]\w*(?:\([\w, .]*\))?$/;

/** What a C file includes, as paths where that may be, the first one first. */
function candidates(file: string, text: string, includeFolders: readonly string[]): string[][] {
  return [...text.matchAll(inclusion)].map(([, quoted, bracketed]) => {
    const beside = quoted === undefined ? [] : [dirname(file)];
    return [...beside, ...includeFolders].map((folder) => join(folder, quoted ?? bracketed ?? ''));
  });
}

/**
 * The C files of operators of a user's own, with the files that they include, as they are copied into a project.
 *
 * @param file - See `readOperatorsFile`.
 * @throws GrimError when a file cannot be read, lies outside the folder of `file`, or has a name that build files cannot hold.
 */
export async function operatorSources(file: string): Promise<OperatorSources> {
  const { sources, includeFolders, defines } = await readOperatorsFile(file);
  const root = dirname(resolve(file));
  const nameOf = (path: string): string => {
    const name = relative(root, path).replaceAll(sep, '/');
    if (name.startsWith('..') || resolve(root, name) !== path) {
      throw new GrimError(`is not below ${root}, from where operators are copied`, { file: path });
    }
    if (!/^[\w./+-]*$/.test(name)) {
      throw new GrimError('has a name of more than letters, digits and ._+-/', { file: path });
    }
    return name;
  };
  // They become lines of a C file.
  const wrong = Object.entries(defines).find(
    ([name, text]) => !macroName.test(name) || /[\r\n]/.test(String(text)),
  );
  if (wrong) throw new GrimError(`defines.${wrong[0]} is no macro of one line`, { file });
  const files = new Map<string, Uint8Array>();
  const waiting = [...sources];
  for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) {
    const name = nameOf(path);
    if (files.has(name)) continue;
    if (files.size === mostFiles)
      throw new GrimError(`has operators in more than ${mostFiles} files`, { file });
    const bytes = await readInputFile(path);
    files.set(name, bytes);
    for (const places of candidates(path, new TextDecoder().decode(bytes), includeFolders)) {
      for (const place of places) {
        if (!(await statusOf(place))?.isFile()) continue;
        waiting.push(place);
        break;
      }
    }
  }
  return { files, sources: sources.map(nameOf), includeFolders: includeFolders.map(nameOf), defines };
}
