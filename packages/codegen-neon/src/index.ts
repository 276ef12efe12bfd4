export { neonProfiles, strict, type NeonCapabilities, type NeonProfile } from './capabilities.ts';
export { identifier } from '@grim/codegen-c';
export { renderKernel, type KernelUse } from './render-kernel.ts';
export type { OperatorSources } from './operator-sources.ts';
export { programLayout, type ProgramLayout } from './program-layout.ts';
export { renderProject, type ProjectOptions } from './render-project.ts';
export { renderProgram, type ProgramFiles, type ProgramOptions } from './render-program.ts';
export { renderSource } from './render-source.ts';
export { usefulMultiplyAdds } from '@grim/codegen-c';
