import type { Kernel, Statement } from '@grim/kernels';

import { visitReads } from './visit-reads.ts';

/** Statements without declarations and assignments of names that are not live. */
function withoutDead(statements: readonly Statement[], live: ReadonlySet<string>): Statement[] {
  return statements.flatMap((statement): Statement[] => {
    switch (statement.kind) {
      case 'declare':
      case 'assign':
        return live.has(statement.name) ? [statement] : [];
      case 'loop':
        return [{ ...statement, body: withoutDead(statement.body, live) }];
      case 'if':
        return [
          {
            ...statement,
            then: withoutDead(statement.then, live),
            otherwise: withoutDead(statement.otherwise, live),
          },
        ];
      default:
        return [statement];
    }
  });
}

/** A kernel without values that nothing reads, which have no effect: compilers warn about them. */
export function withoutDeadValues(kernel: Kernel): Kernel {
  let { body } = kernel;
  for (;;) {
    const live = new Set<string>();
    visitReads(body, (name) => live.add(name));
    const remaining = withoutDead(body, live);
    if (JSON.stringify(remaining) === JSON.stringify(body)) return { ...kernel, body };
    body = remaining;
  }
}
