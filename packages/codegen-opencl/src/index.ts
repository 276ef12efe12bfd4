export { usefulMultiplyAdds, type SampleStep } from '@grim/codegen-c';
export { openclProfiles, strict, type OpenclCapabilities, type OpenclProfile } from './capabilities.ts';
export { functionName } from './function-name.ts';
export { gridTarget } from './grid-target.ts';
export { programLayout, type ProgramLayout, type ProgramPlace } from './program-layout.ts';
export {
  hostBytes,
  renderProject,
  type ProjectFiles,
  type ProjectOptions,
} from './project/render-project.ts';
export { globalSize, groupSize, renderKernel, type KernelUse } from './render-kernel.ts';
export { renderSource } from './render-source.ts';
