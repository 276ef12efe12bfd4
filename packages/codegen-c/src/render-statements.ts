import { GrimError } from '@grim/ir';
import type { Expression, Statement, ValueType } from '@grim/kernels';

import type { Dialect, Parts, StatementOf } from './dialect.ts';
import { partsOf } from './parts-of.ts';

function typeName(type: ValueType, { valueTypes }: Dialect): string {
  const name = valueTypes[type];
  if (name === undefined) throw new TypeError(`the language has no values of ${type}`);
  return name;
}

/** The value of a variable: an address where the variable is a pointer. */
function renderValue(name: string, value: Expression, { pointers }: Dialect, parts: Parts): string {
  const buffer = pointers?.variables.get(name);
  return buffer === undefined ? parts.bare(value) : parts.pointer({ buffer, address: value, offset: 0 });
}

/** What stands before the name of a variable where it is declared. */
function declarator(name: string, type: ValueType, isConstant: boolean, dialect: Dialect): string {
  const qualifier = isConstant ? 'const ' : '';
  const buffer = dialect.pointers?.variables.get(name);
  if (dialect.pointers && buffer !== undefined) return `${dialect.pointers.type(buffer)}${qualifier}`;
  return `${qualifier}${typeName(type, dialect)} `;
}

function renderDeclaration(statement: StatementOf<'declare'>, dialect: Dialect, parts: Parts): string {
  const { name, type, mutable, value } = statement;
  return `${declarator(name, type, !mutable, dialect)}${parts.identifier(name)} = ${renderValue(name, value, dialect, parts)};`;
}

function renderLoop(statement: StatementOf<'loop'>, dialect: Dialect, parts: Parts): string {
  const { from, to, step } = statement;
  const name = parts.identifier(statement.name);
  const next = step === 1 ? `${name}++` : `${name} += ${String(step)}`;
  const bound = (value: Expression): string => renderValue(statement.name, value, dialect, parts);
  const type = declarator(statement.name, 'i32', false, dialect);
  return `for (${type}${name} = ${bound(from)}; ${name} < ${bound(to)}; ${next}) {`;
}

function renderBlock(
  statements: readonly Statement[],
  indent: string,
  dialect: Dialect,
  parts: Parts,
): string[] {
  const inner = (body: readonly Statement[]): string[] => renderBlock(body, `${indent}  `, dialect, parts);
  return statements.flatMap((statement) => {
    switch (statement.kind) {
      case 'comment':
        return [`${indent}// ${statement.text}`];
      case 'declare': {
        const lines = dialect.declare?.(statement, parts) ?? [renderDeclaration(statement, dialect, parts)];
        return lines.map((line) => `${indent}${line}`);
      }
      case 'assign':
        return [
          `${indent}${parts.identifier(statement.name)} = ${renderValue(statement.name, statement.value, dialect, parts)};`,
        ];
      case 'store':
        return [`${indent}${dialect.store(statement, parts)};`];
      case 'loop':
        return [`${indent}${renderLoop(statement, dialect, parts)}`, ...inner(statement.body), `${indent}}`];
      case 'external':
        if (!dialect.external) {
          throw new GrimError(
            `${statement.function} is an operator of your own, which this target cannot call yet`,
          );
        }
        return [`${indent}${dialect.external(statement, parts)};`];
      case 'if': {
        const { condition, then, otherwise } = statement;
        return [
          `${indent}if (${parts.bare(condition)}) {`,
          ...inner(then),
          ...(otherwise.length === 0 ? [] : [`${indent}} else {`, ...inner(otherwise)]),
          `${indent}}`,
        ];
      }
    }
  });
}

/**
 * Statements as lines of text.
 *
 * @param indent - Stands before every line.
 * @throws GrimError when they call a function outside the kernel IR and the language has no way to.
 */
export function renderStatements(
  statements: readonly Statement[],
  indent: string,
  dialect: Dialect,
): string[] {
  return renderBlock(statements, indent, dialect, partsOf(dialect));
}
