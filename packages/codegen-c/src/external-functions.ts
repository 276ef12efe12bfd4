import type { ExternalRole, Kernel, Statement } from '@grim/kernels';

import type { Parts, StatementOf } from './dialect.ts';
import { operatorHeaderFile } from './operator-header.ts';

/** Types of what functions outside the kernel IR are given. */
const types: Readonly<Record<ExternalRole, string>> = {
  input: 'const float *',
  output: 'float *',
  shapes: 'const grim_shape *',
  attributes: 'const double *',
};

/** The call of a function outside the kernel IR: its buffers, which are bytes, as what it takes them for. */
export function renderExternal(
  { function: name, operands }: StatementOf<'external'>,
  { identifier }: Parts,
): string {
  const casts = operands.map(({ role, buffer }) => {
    if (buffer === null) return 'NULL';
    const bytes = role === 'output' ? 'void *' : 'const void *';
    return `(${types[role]})(${bytes})${identifier(buffer)}`;
  });
  return `${name}(${casts.join(', ')})`;
}

function externalsIn(statements: readonly Statement[]): StatementOf<'external'>[] {
  return statements.filter((statement) => statement.kind === 'external');
}

/**
 * What has to stand before kernels that call functions outside the kernel IR: the header with their types, and their prototypes.
 *
 * @returns Lines; none where there is no such function.
 */
export function externalPrototypes(kernels: readonly Kernel[]): string[] {
  const prototypes = kernels
    .flatMap(({ body }) => externalsIn(body))
    .map(
      ({ function: name, operands }) =>
        `void ${name}(${operands.map(({ role }) => types[role]).join(', ')});`,
    );
  if (prototypes.length === 0) return [];
  return [`#include "${operatorHeaderFile}"`, '', ...new Set(prototypes)];
}
