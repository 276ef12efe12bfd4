import { operandsOf } from './operands-of.ts';
import { statementsIn, valuesOf } from './statement-parts.ts';
import type { Expression, Kernel, Statement, ValueType } from './types.ts';

/** What a kernel does with 16-bit floats. */
export interface HalfUse {
  /** Whether it widens halves from memory or narrows floats to them. */
  readonly memory: boolean;
  /** Whether it has values of type `f16` or `f16x8`. */
  readonly arithmetic: boolean;
}

const halfTypes: ReadonlySet<ValueType> = new Set(['f16', 'f16x8', 'i16x8']);

/** What the kernels of a program do with 16-bit floats, all together. */
export function programHalfUse({
  calls,
}: {
  readonly calls: readonly { readonly kernel: Kernel }[];
}): HalfUse {
  const uses = [...new Set(calls.map(({ kernel }) => kernel))].map(halfUse);
  return {
    memory: uses.some(({ memory }) => memory),
    arithmetic: uses.some(({ arithmetic }) => arithmetic),
  };
}

/** What a kernel does with 16-bit floats: a target may lack them, or have them in memory only. */
export function halfUse({ body }: Kernel): HalfUse {
  const use = { memory: false, arithmetic: false };
  const visit = (expression: Expression): void => {
    if (halfTypes.has(expression.type)) use.arithmetic = true;
    if ('memory' in expression) use.memory = true;
    operandsOf(expression).forEach(visit);
  };
  const walk = (statements: readonly Statement[]): void => {
    for (const statement of statements) {
      if (statement.kind === 'store' && statement.memory) use.memory = true;
      valuesOf(statement).forEach(visit);
      walk(statementsIn(statement));
    }
  };
  walk(body);
  return use;
}
