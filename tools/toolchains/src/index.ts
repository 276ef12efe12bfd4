export { benchmarkData } from './benchmark-data.ts';
export { unpackForeignPackages, type ForeignPackages } from './foreign-packages.ts';
export { requireToolchain, requireToolchainsVariable } from './require-toolchain.ts';
export { installCommand, isInstalled, type Toolchain, type ToolchainName } from './toolchains.ts';
