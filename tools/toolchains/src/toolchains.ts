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

/** The one command that installs `missing` on Debian. */
export function installCommand(missing: readonly Toolchain[]): string {
  const packages = [...new Set(missing.flatMap((toolchain) => toolchain.packages))];
  return `apt-get update && apt-get install -y --no-install-recommends ${packages.join(' ')}`;
}
