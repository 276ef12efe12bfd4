import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The part of `package-lock.json` that says what is installed where. */
interface LockFile {
  readonly packages: Readonly<Record<string, LockedPackage>>;
}

interface LockedPackage {
  readonly version?: string;
  readonly link?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** What the published packages need from elsewhere, directly or not. */
export interface ThirdPartyDependencies {
  /** Folder of each package by its name. */
  readonly folders: ReadonlyMap<string, string>;
  /** Folders of other versions of them, by the name of the package that needs the other version, then by their own. */
  readonly otherVersions: ReadonlyMap<string, ReadonlyMap<string, string>>;
}

/**
 * Finds what the published packages need from elsewhere.
 *
 * @param root - path of the workspace, with `package-lock.json` and installed dependencies
 * @throws Error when published packages themselves need two versions of one package
 */
export function thirdPartyDependencies(root: string): ThirdPartyDependencies {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as LockFile;
  const found = new Map<string, string>();
  const versions = new Map<string, string | undefined>();
  const otherVersions = new Map<string, Map<string, string>>();
  const pending = Object.keys(packages).filter((path) => /^packages\/[^/]+$/.test(path));

  for (let dependent = pending.pop(); dependent !== undefined; dependent = pending.pop()) {
    const { dependencies, optionalDependencies } = packages[dependent] ?? {};
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
      const path = resolveLocked(packages, dependent, name);
      // Our own packages are links, and start the walk themselves.
      if (path === undefined || packages[path]?.link === true) continue;
      // Optional dependencies for other processors and systems are locked, but not installed.
      const isOptional = optionalDependencies?.[name] !== undefined;
      if (isOptional && !existsSync(join(root, path))) continue;
      const known = found.get(name);
      if (known === undefined) {
        found.set(name, join(root, path));
        versions.set(name, packages[path]?.version);
        pending.push(path);
      } else if (versions.get(name) !== packages[path]?.version) {
        if (!dependent.includes('node_modules/')) {
          throw new Error(`two versions of ${name} are needed: ${known} and ${path}`);
        }
        const needing = dependent.replace(/^.*node_modules\//, '');
        const paths = otherVersions.get(needing) ?? new Map<string, string>();
        otherVersions.set(needing, paths);
        if (paths.has(name)) continue;
        paths.set(name, join(root, path));
        pending.push(path);
      }
    }
  }
  return { folders: found, otherVersions };
}

/** Where Node finds `name` from `dependent`: the nearest `node_modules` upwards that holds it. */
function resolveLocked(packages: LockFile['packages'], dependent: string, name: string): string | undefined {
  for (
    let folder = dependent;
    ;
    folder = folder.replace(/(?:^|\/)(?:node_modules\/(?:@[^/]+\/)?)?[^/@]+$/, '')
  ) {
    const path = `${folder === '' ? '' : `${folder}/`}node_modules/${name}`;
    if (packages[path]) return path;
    if (folder === '') return undefined;
  }
}
