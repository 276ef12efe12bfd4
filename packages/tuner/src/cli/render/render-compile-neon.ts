import type { NeonCompileResult } from '../../compile/compile-neon.ts';
import type { Terminal } from '../terminal.ts';
import { formatBytes } from './format.ts';
import { renderCompileProject } from './render-compile-project.ts';

/** What was compiled to C, for people. */
export const renderCompileNeon = (result: NeonCompileResult, terminal: Terminal): string =>
  renderCompileProject(
    result,
    { madeFor: ['made for', result.cpu], context: `${formatBytes(result.contextBytes)} each` },
    terminal,
  );
