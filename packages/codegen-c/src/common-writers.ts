import type { ValueType } from '@grim/kernels';

import type { ExpressionWriters } from './dialect.ts';
import { floatLiteral, integerLiteral } from './literals.ts';
import { comparisonSymbols, type OperatorTable } from './operators.ts';
import { compound, primary, type Rendered } from './rendered.ts';

/** A negative literal is an operator and its operand. */
export function renderScalarConstant(type: 'f32' | 'i32', value: number, smallest?: string): Rendered {
  const text = type === 'f32' ? floatLiteral(value) : integerLiteral(value, smallest);
  return value < 0 || Object.is(value, -0) ? compound(text) : primary(text);
}

/** What is written alike for scalars in every language like C, and for vectors where their operators are those of scalars. */
export type CommonWriters = Pick<
  ExpressionWriters,
  'binary' | 'bitcast' | 'compare' | 'convert' | 'multiplyAdd' | 'read' | 'select' | 'unary'
>;

/**
 * Writers of expressions by a table of operators. Comparisons and selections are those of scalars, multiply-adds a product and
 * a sum.
 */
export function commonWriters(table: OperatorTable): CommonWriters {
  const required = <Found>(found: Found | undefined, operation: string, type: ValueType): Found => {
    if (found === undefined) throw new TypeError(`${table.language} has no ${operation} of ${type}`);
    return found;
  };
  return {
    read: ({ name }, { identifier }) => primary(identifier(name)),
    unary: ({ operation, type, operand }, { bare, grouped }) => {
      const operator = required(table.unary[operation][type], operation, type);
      const text = operator.write((operator.groupsOperands ? grouped : bare)(operand), '');
      return { text, isCompound: operator.isCompound };
    },
    binary: ({ operation, type, left, right }, { bare, grouped }) => {
      const operator = required(table.binary[operation][type], operation, type);
      const part = operator.groupsOperands ? grouped : bare;
      return { text: operator.write(part(left), part(right)), isCompound: operator.isCompound };
    },
    compare: ({ comparison, left, right }, { grouped }) =>
      compound(`${grouped(left)} ${comparisonSymbols[comparison]} ${grouped(right)}`),
    select: ({ mask, whenTrue, whenFalse }, { grouped }) =>
      compound(`${grouped(mask)} ? ${grouped(whenTrue)} : ${grouped(whenFalse)}`),
    multiplyAdd: ({ left, right, addend }, { grouped }) =>
      compound(`${grouped(left)} * ${grouped(right)} + ${grouped(addend)}`),
    convert: ({ type, operand }, { bare }) => {
      const found = table.conversions[`${operand.type}>${type}`];
      return primary(`${required(found, `conversion to ${type}`, operand.type)}(${bare(operand)})`);
    },
    bitcast: ({ type, operand }, { bare, render }) => {
      if (type === operand.type) return render(operand);
      const found = table.bitcasts[`${operand.type}>${type}`];
      return primary(`${required(found, `bits as ${type}`, operand.type)}(${bare(operand)})`);
    },
  };
}
