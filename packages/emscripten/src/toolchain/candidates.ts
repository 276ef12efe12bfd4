import { accessSync, constants, readdirSync, statSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';

import type { Toolchain, ToolchainKind } from './toolchain.ts';

/** A program that may be the compiler of a toolchain. */
export interface Candidate {
  readonly compiler: string;
  readonly foundBy: Toolchain['foundBy'];
  /** What it is taken for by its name; its own words decide. */
  readonly kind: ToolchainKind;
}

/** Where in a folder that is named a compiler lies: an emsdk, Emscripten itself, a WASI SDK or any folder of programs. */
const placesInFolder: readonly (readonly [path: string, kind: ToolchainKind])[] = [
  [join('upstream', 'emscripten', 'emcc'), 'emscripten'],
  ['emcc', 'emscripten'],
  [join('bin', 'clang'), 'clang'],
  ['clang', 'clang'],
];

/** clang as it is installed side by side with other versions. */
const clangName = /^clang(?:-(\d+))?$/;

/** Whether a path is a file that may be run. */
export function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

function programsIn(folder: string, foundBy: Toolchain['foundBy']): Candidate[] {
  return placesInFolder
    .map(([path, kind]) => ({ compiler: join(folder, path), kind, foundBy }))
    .filter(({ compiler }) => isProgram(compiler));
}

/** Folders of `PATH`; relative ones are left out, as what they hold depends on where a program is started. */
export function pathFolders({ PATH = '' }: NodeJS.ProcessEnv): string[] {
  return PATH.split(delimiter).filter((folder) => folder !== '' && resolve(folder) === join(folder));
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** The clangs of a folder: the one without a version first, then the latest. */
function clangsIn(folder: string): string[] {
  const versionOf = (name: string): number => Number(clangName.exec(name)?.[1] ?? Infinity);
  return namesIn(folder)
    .filter((name) => clangName.test(name))
    .sort((left, right) => versionOf(right) - versionOf(left))
    .map((name) => join(folder, name))
    .filter(isProgram);
}

/** Compilers at a path that the user gave: itself, or those in the folder. */
export function candidatesAt(path: string): Candidate[] {
  const absolute = resolve(path);
  if (!isProgram(absolute)) return programsIn(absolute, 'path');
  return [{ compiler: absolute, kind: /emcc/.test(absolute) ? 'emscripten' : 'clang', foundBy: 'path' }];
}

/** Compilers that the environment names, in the order in which they are tried: emsdk, WASI SDK, then programs on the path. */
export function candidatesIn(environment: NodeJS.ProcessEnv): Candidate[] {
  const { EMSDK, WASI_SDK_PATH } = environment;
  const folders = pathFolders(environment);
  const onPath = (compiler: string, kind: ToolchainKind): Candidate => ({ compiler, kind, foundBy: 'PATH' });
  return [
    ...(EMSDK ? programsIn(resolve(EMSDK), 'EMSDK') : []),
    ...(WASI_SDK_PATH ? programsIn(resolve(WASI_SDK_PATH), 'WASI_SDK_PATH') : []),
    ...folders
      .map((folder) => join(folder, 'emcc'))
      .filter(isProgram)
      .map((compiler) => onPath(compiler, 'emscripten')),
    ...folders.flatMap(clangsIn).map((compiler) => onPath(compiler, 'clang')),
  ];
}
