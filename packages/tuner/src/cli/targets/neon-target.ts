import type { NeonCompileOptions } from '../../compile/compile-neon.ts';
import { runCompile } from '../../compile/run-compile.ts';
import { renderCompileNeon } from '../render/render-compile-neon.ts';
import type { CompileTarget } from './compile-target.ts';
import { projectFlags, projectOptions } from './project-flags.ts';

/** `grim compile --target neon` */
export const neonTarget: CompileTarget = {
  takes: ['cpu', ...projectFlags],
  perform: (session, common, flags) => {
    // A name that is not known is refused where it is looked up.
    const { cpu } = flags as typeof flags & Pick<NeonCompileOptions, 'cpu'>;
    return session.perform(flags, {
      command: 'compile',
      run: (onProgress) =>
        runCompile(
          { ...common, ...projectOptions(flags), target: 'neon', ...(cpu !== undefined && { cpu }) },
          onProgress,
        ),
      render: renderCompileNeon,
    });
  },
};
