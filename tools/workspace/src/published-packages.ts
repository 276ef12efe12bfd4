import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Absolute path of the workspace root. */
export const workspaceRoot: string = join(import.meta.dirname, '../../..');

/** The part of a `package.json` that the tools read. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly private?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly exports?: Readonly<Record<string, unknown>>;
  readonly bin?: Readonly<Record<string, string>>;
}

/** A package that goes to the registry. */
export interface PublishedPackage {
  /** Folder name below `packages/`, such as `ir`. */
  readonly folder: string;
  /** Absolute path of the package. */
  readonly path: string;
  readonly manifest: Manifest;
}

/** Reads every `packages/*` that is not private, in alphabetical order. */
export function publishedPackages(root: string = workspaceRoot): PublishedPackage[] {
  return readdirSync(join(root, 'packages'))
    .sort()
    .map((folder) => ({ folder, path: join(root, 'packages', folder) }))
    .filter(({ path }) => existsSync(join(path, 'package.json')))
    .map(({ folder, path }) => ({
      folder,
      path,
      manifest: JSON.parse(readFileSync(join(path, 'package.json'), 'utf8')) as Manifest,
    }))
    .filter(({ manifest }) => manifest.private !== true);
}

/** Entry points of a package in source form, as `[subpath, absolute path]`: `['.', '/…/src/index.ts']`. */
export function sourceEntries({ path, manifest }: PublishedPackage): [subpath: string, file: string][] {
  return Object.entries(manifest.exports ?? {}).flatMap(([subpath, conditions]) => {
    if (typeof conditions !== 'object' || conditions === null || !('@grim/source' in conditions)) return [];
    const source = conditions['@grim/source'];
    return typeof source === 'string' ? [[subpath, join(path, source)] as [string, string]] : [];
  });
}
