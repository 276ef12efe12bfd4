import type { Statement, ValueType } from '@grim/kernels';

import type { Dialect, Parts, StatementOf } from './dialect.ts';
import { partsOf } from './parts-of.ts';

function typeName(type: ValueType, { valueTypes }: Dialect): string {
  const name = valueTypes[type];
  if (name === undefined) throw new TypeError(`the language has no values of ${type}`);
  return name;
}

function renderDeclaration(statement: StatementOf<'declare'>, dialect: Dialect, parts: Parts): string {
  const { name, type, mutable, value } = statement;
  const qualifier = mutable ? '' : 'const ';
  return `${qualifier}${typeName(type, dialect)} ${parts.identifier(name)} = ${parts.bare(value)};`;
}

function renderLoop(statement: StatementOf<'loop'>, dialect: Dialect, parts: Parts): string {
  const { from, to, step } = statement;
  const name = parts.identifier(statement.name);
  const next = step === 1 ? `${name}++` : `${name} += ${String(step)}`;
  const type = typeName('i32', dialect);
  return `for (${type} ${name} = ${parts.bare(from)}; ${name} < ${parts.bare(to)}; ${next}) {`;
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
        return [`${indent}${parts.identifier(statement.name)} = ${parts.bare(statement.value)};`];
      case 'store':
        return [`${indent}${dialect.store(statement, parts)};`];
      case 'loop':
        return [`${indent}${renderLoop(statement, dialect, parts)}`, ...inner(statement.body), `${indent}}`];
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
 */
export function renderStatements(
  statements: readonly Statement[],
  indent: string,
  dialect: Dialect,
): string[] {
  return renderBlock(statements, indent, dialect, partsOf(dialect));
}
