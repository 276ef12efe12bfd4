import { installCommand, isInstalled, toolchains, type Toolchain, type ToolchainName } from './toolchains.ts';

/** Name of the variable that turns a missing toolchain from a skipped test into a failed one. */
export const requireToolchainsVariable = 'GRIM_REQUIRE_TOOLCHAINS';

/**
 * Path of a toolchain's program for a test, or undefined where it is missing and the test may be skipped.
 *
 * @param name - row of the table of toolchains
 * @param table - the table, for tests of this function
 * @param environment - the environment, for tests of this function
 * @throws Error when it is missing and `GRIM_REQUIRE_TOOLCHAINS=1`, as in continuous integration
 */
export function requireToolchain(
  name: ToolchainName,
  table: Readonly<Record<ToolchainName, Toolchain>> = toolchains,
  environment: NodeJS.ProcessEnv = process.env,
): string | undefined {
  const toolchain = table[name];
  if (isInstalled(toolchain)) return toolchain.executable;
  if (environment[requireToolchainsVariable] === '1') {
    throw new Error(`${name} is missing: ${installCommand([toolchain])}`);
  }
  return undefined;
}
