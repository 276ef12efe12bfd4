import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Debian packages of another architecture. */
export interface ForeignPackages {
  /** As Debian names it, such as `arm64`. */
  readonly architecture: string;
  readonly packages: readonly string[];
}

/** Runs a program and returns what it says, or throws what it says. */
function run(program: string, operands: readonly string[], folder: string): void {
  const { status, stderr, error } = spawnSync(program, operands, { cwd: folder, encoding: 'utf8' });
  if (error) throw error;
  if (status !== 0) throw new Error(`${program} ${operands.at(-1) ?? ''}: ${stderr.trim()}`);
}

/** Settings under which apt keeps lists, state and cache in a folder, and asks for one architecture only. */
function aptSettings(folder: string, architecture: string): string[] {
  const settings = {
    'APT::Architecture': architecture,
    'APT::Architectures': architecture,
    'APT::Sandbox::User': '',
    'Dir::State': join(folder, 'state'),
    'Dir::State::lists': join(folder, 'lists'),
    'Dir::State::status': join(folder, 'status'),
    'Dir::Cache': join(folder, 'cache'),
    'Debug::NoLocking': '1',
  };
  return Object.entries(settings).flatMap(([key, value]) => ['-o', `${key}=${value}`]);
}

/**
 * Unpacks packages of another architecture into a folder of their own, as they cannot be installed beside those of this machine.
 * Nothing outside of the folder changes; a folder that is there is taken as it is.
 *
 * @param root - The folder, which becomes the root of the unpacked files.
 * @throws Error with what apt says where it is missing, or does not get the packages.
 */
export function unpackForeignPackages({ architecture, packages }: ForeignPackages, root: string): void {
  if (existsSync(root)) return;
  mkdirSync(dirname(root), { recursive: true });
  // Unpacked aside and renamed, so that an interrupted run leaves nothing that looks complete.
  const aside = mkdtempSync(join(dirname(root), 'packages-'));
  try {
    for (const folder of ['state', 'lists/partial', 'cache/archives/partial', 'archives', 'root']) {
      mkdirSync(join(aside, folder), { recursive: true });
    }
    writeFileSync(join(aside, 'status'), '');
    const settings = aptSettings(aside, architecture);
    run('apt-get', [...settings, 'update'], aside);
    run('apt-get', [...settings, 'download', ...packages], join(aside, 'archives'));
    for (const archive of readdirSync(join(aside, 'archives'))) {
      run('dpkg-deb', ['-x', join(aside, 'archives', archive), join(aside, 'root')], aside);
    }
    renameSync(join(aside, 'root'), root);
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}
