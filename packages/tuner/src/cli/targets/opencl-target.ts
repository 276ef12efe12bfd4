import type { OpenclCompileOptions } from '../../compile/compile-opencl.ts';
import { runCompile } from '../../compile/run-compile.ts';
import { renderCompileOpencl } from '../render/render-compile-opencl.ts';
import type { CompileTarget } from './compile-target.ts';
import { projectFlags, projectOptions } from './project-flags.ts';

/** `grim compile --target opencl` */
export const openclTarget: CompileTarget = {
  takes: ['device', ...projectFlags],
  perform: (session, common, flags) => {
    // A name that is not known is refused where it is looked up.
    const { device } = flags as typeof flags & Pick<OpenclCompileOptions, 'device'>;
    return session.perform(flags, {
      command: 'compile',
      run: (onProgress) =>
        runCompile(
          { ...common, ...projectOptions(flags), target: 'opencl', ...(device !== undefined && { device }) },
          onProgress,
        ),
      render: renderCompileOpencl,
    });
  },
};
