import type { NeonCompileOptions } from '../../compile/compile-neon.ts';
import { runCompile } from '../../compile/run-compile.ts';
import { renderCompileNeon } from '../render/render-compile-neon.ts';
import type { CompileTarget } from './compile-target.ts';

/** `grim compile --target neon` */
export const neonTarget: CompileTarget = {
  takes: ['cpu', 'strict', 'precision', 'weights', 'prefix', 'bindings', 'bindingsName'],
  perform: (session, common, flags) => {
    // Names that are not known are refused where they are looked up.
    const {
      cpu,
      strict = false,
      precision,
      weights,
      prefix,
      bindings,
      bindingsName,
    } = flags as typeof flags & Pick<NeonCompileOptions, 'cpu' | 'precision' | 'weights'>;
    return session.perform(flags, {
      command: 'compile',
      run: (onProgress) =>
        runCompile(
          {
            ...{ ...common, target: 'neon', strict, precision, weights, prefix, bindings },
            ...(cpu !== undefined && { cpu }),
            ...(bindingsName !== undefined && { bindingsName }),
          },
          onProgress,
        ),
      render: renderCompileNeon,
    });
  },
};
