import type { ProjectOptions } from '../../compile/project-options.ts';
import type { TargetFlags } from './compile-target.ts';

/** Flags of every target that is a project in C. */
export const projectFlags = [
  'strict',
  'precision',
  'weights',
  'prefix',
  'bindings',
  'bindingsName',
] as const satisfies readonly (keyof TargetFlags)[];

/** What these flags say. Names that are not known are refused where they are looked up. */
export function projectOptions(flags: TargetFlags): Omit<ProjectOptions, 'model' | 'output'> {
  const {
    strict = false,
    precision,
    weights,
    prefix,
    bindings,
    bindingsName,
  } = flags as typeof flags & Pick<ProjectOptions, 'precision' | 'weights'>;
  return {
    ...{ strict, precision, weights, prefix, bindings },
    ...(bindingsName !== undefined && { bindingsName }),
  };
}
