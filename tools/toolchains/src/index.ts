export { unpackForeignPackages, type ForeignPackages } from './foreign-packages.ts';
export { requireToolchain, requireToolchainsVariable } from './require-toolchain.ts';
export type { ToolchainName } from './toolchains.ts';
