import { holdsPointer, type Expression } from '@grim/kernels';

import type { Dialect, Parts } from './dialect.ts';
import { identifier } from './identifier.ts';
import type { Rendered } from './rendered.ts';

/** The text of expressions, by the writers of a dialect. */
export function partsOf(dialect: Dialect): Parts {
  const render = (expression: Expression): Rendered => {
    // The writer of an operator takes expressions of that operator, which the compiler cannot follow through the table.
    const write = dialect.expressions[expression.op] as (expression: Expression, parts: Parts) => Rendered;
    return write(expression, parts);
  };
  const parts: Parts = {
    render,
    bare: (expression) => render(expression).text,
    grouped: (expression) => {
      const { text, isCompound } = render(expression);
      return isCompound ? `(${text})` : text;
    },
    pointer: ({ buffer, address, offset }) => {
      const plus = (bytes: number): string =>
        bytes === 0 ? '' : ` ${bytes < 0 ? '-' : '+'} ${String(Math.abs(bytes))}`;
      if (dialect.pointers && holdsPointer(address, dialect.pointers.variables)) {
        return `${parts.bare(address)}${plus(offset)}`;
      }
      const isConstant = address.op === 'constant';
      const base = isConstant ? '' : ` + ${parts.grouped(address)}`;
      return `${parts.identifier(buffer)}${base}${plus(isConstant ? offset + address.value : offset)}`;
    },
    identifier: (name) => identifier(name, dialect.reservedWords),
  };
  return parts;
}
