/** C files with operators of a user's own, which a project has a copy of. */
export interface OperatorSources {
  /** Contents by path below one folder, with `/` in it: sources and what they include. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** Paths of those that are compiled. */
  readonly sources: readonly string[];
  /** Paths of folders that are searched for included files. */
  readonly includeFolders: readonly string[];
  /** Macros: their text, or `true` for one that is 1. */
  readonly defines: Readonly<Record<string, string | true>>;
}

/** The folder of a project that holds the copies. */
export const operatorFolder = 'operators';

/** Name of the file that compiles a source. */
export const operatorUnit = (prefix: string, index: number): string =>
  `${prefix}_operators_${String(index)}.c`;

/** The copies, and a file for each source that compiles it with its macros, by name. */
export function renderOperatorFiles(
  prefix: string,
  { files, sources, defines }: OperatorSources,
): [name: string, content: string | Uint8Array][] {
  const macros = Object.entries(defines).map(
    ([name, text]) => `#define ${name} ${text === true ? '1' : text}`,
  );
  return [
    ...[...files].map(([path, content]): [string, Uint8Array] => [`${operatorFolder}/${path}`, content]),
    ...sources.map((path, index): [string, string] => [
      operatorUnit(prefix, index),
      [...macros, `#include "${operatorFolder}/${path}"`, ''].join('\n'),
    ]),
  ];
}
