import type { OpenclCompileResult } from '../../compile/compile-opencl.ts';
import type { Terminal } from '../terminal.ts';
import { formatBytes } from './format.ts';
import { renderCompileProject } from './render-compile-project.ts';

/** What was compiled to OpenCL, for people. */
export const renderCompileOpencl = (result: OpenclCompileResult, terminal: Terminal): string =>
  renderCompileProject(
    result,
    {
      madeFor: ['divided for', result.device],
      context: `${formatBytes(result.deviceBytes)} each on the device`,
    },
    terminal,
  );
