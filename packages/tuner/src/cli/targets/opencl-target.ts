import type { OpenclCompileOptions } from '../../compile/compile-opencl.ts';
import { runCompile } from '../../compile/run-compile.ts';
import { renderCompileOpencl } from '../render/render-compile-opencl.ts';
import type { CompileTarget } from './compile-target.ts';

/** `grim compile --target opencl` */
export const openclTarget: CompileTarget = {
  takes: ['device', 'strict', 'precision', 'weights', 'prefix', 'bindings', 'bindingsName'],
  perform: (session, common, flags) => {
    // Names that are not known are refused where they are looked up.
    const {
      device,
      strict = false,
      precision,
      weights,
      prefix,
      bindings,
      bindingsName,
    } = flags as typeof flags & Pick<OpenclCompileOptions, 'device' | 'precision' | 'weights'>;
    return session.perform(flags, {
      command: 'compile',
      run: (onProgress) =>
        runCompile(
          {
            ...{ ...common, target: 'opencl', strict, precision, weights, prefix, bindings },
            ...(device !== undefined && { device }),
            ...(bindingsName !== undefined && { bindingsName }),
          },
          onProgress,
        ),
      render: renderCompileOpencl,
    });
  },
};
