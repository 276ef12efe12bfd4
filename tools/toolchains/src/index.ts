export { requireToolchain, requireToolchainsVariable } from './require-toolchain.ts';
export type { ToolchainName } from './toolchains.ts';
