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

/**
 * Folders of everything that the published packages need from elsewhere, directly or not, by package name.
 *
 * @param root - path of the workspace, with `package-lock.json` and installed dependencies
 * @throws Error when two versions of one package are needed, since a flat installation cannot hold both
 */
export function thirdPartyDependencies(root: string): Map<string, string> {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as LockFile;
  const found = new Map<string, string>();
  const versions = new Map<string, string | undefined>();
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
        throw new Error(`two versions of ${name} are needed: ${known} and ${path}`);
      }
    }
  }
  return found;
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
