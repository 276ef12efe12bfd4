import { GrimError } from '@grim/ir';

import type { Compilation } from './compile-to-wasm.ts';
import { formatDiagnostic } from './format-diagnostic.ts';

/**
 * The module of a compilation that succeeded.
 *
 * @throws GrimError with the first error, and how many there are, when it did not.
 */
export function requireModule(compilation: Compilation): Uint8Array {
  if (compilation.outcome === 'compiled') return compilation.module;
  const errors = compilation.diagnostics.filter(({ severity }) => severity === 'error');
  const [first] = errors;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  throw new GrimError(`${first ? formatDiagnostic(first) : 'the C files cannot be compiled'}${more}`);
}
