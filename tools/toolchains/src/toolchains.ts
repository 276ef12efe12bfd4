import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';

/** A program outside npm that some tests need. */
export interface Toolchain {
  /** What the tests that need it do, for the message about a missing one. */
  readonly purpose: string;
  /** Absolute path of the program whose presence means that it is installed. */
  readonly executable: string;
  /** Debian packages that bring it. */
  readonly packages: readonly string[];
}

/** Every program outside npm that the tests use; a new row is all that a new one needs. */
export const toolchains = {
  chromium: {
    purpose: 'runs compiled models in a real page',
    executable: '/usr/bin/chromium',
    packages: ['chromium'],
  },
  aarch64Gcc: {
    purpose: 'compiles emitted C for AArch64, and brings the C library that clang links with',
    executable: '/usr/bin/aarch64-linux-gnu-gcc',
    packages: ['gcc-aarch64-linux-gnu', 'libc6-dev-arm64-cross'],
  },
  clang: {
    purpose: 'compiles emitted C for AArch64 a second time, with other warnings',
    executable: '/usr/bin/clang-19',
    packages: ['clang-19'],
  },
  qemuAarch64: {
    purpose: 'runs programs for AArch64',
    executable: '/usr/bin/qemu-aarch64',
    packages: ['qemu-user'],
  },
} as const satisfies Record<string, Toolchain>;

/** Name of a row of {@link toolchains}. */
export type ToolchainName = keyof typeof toolchains;

/** Whether the program of a toolchain is there and may be run. */
export function isInstalled({ executable }: Toolchain): boolean {
  try {
    accessSync(executable, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** What the program of a toolchain says about its version, one line; nothing where it is missing or does not run. */
export function versionOf(toolchain: Toolchain): string | undefined {
  if (!isInstalled(toolchain)) return undefined;
  const { status, stdout } = spawnSync(toolchain.executable, ['--version'], { encoding: 'utf8' });
  return status === 0 ? stdout.trim().split('\n')[0] : undefined;
}

/** The one command that installs `missing` on Debian. */
export function installCommand(missing: readonly Toolchain[]): string {
  const packages = [...new Set(missing.flatMap((toolchain) => toolchain.packages))];
  return `apt-get update && apt-get install -y --no-install-recommends ${packages.join(' ')}`;
}
