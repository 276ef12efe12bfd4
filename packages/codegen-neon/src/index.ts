export { neonProfiles, strict, type NeonCapabilities, type NeonProfile } from './capabilities.ts';
export { identifier } from '@grim/codegen-c';
export { renderKernel, type KernelUse } from './render-kernel.ts';
export { renderProgram, type ProgramFiles, type ProgramOptions } from './render-program.ts';
export { renderSource } from './render-source.ts';
