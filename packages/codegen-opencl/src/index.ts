export { openclProfiles, strict, type OpenclCapabilities, type OpenclProfile } from './capabilities.ts';
export { functionName } from './function-name.ts';
export { globalSize, groupSize, renderKernel, type KernelUse } from './render-kernel.ts';
export { renderSource } from './render-source.ts';
