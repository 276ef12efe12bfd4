import { add } from '../kernel-ir/expressions.ts';
import type { Expression, Statement } from '../kernel-ir/types.ts';

/** Buffers by name with what is added to every address in them. */
export type BufferMoves = ReadonlyMap<string, Expression>;

type Address = Pick<Extract<Expression, { op: 'load' }>, 'buffer' | 'address'>;

function movedExpression(expression: Expression, moves: BufferMoves): Expression {
  const move = (part: Expression): Expression => movedExpression(part, moves);
  switch (expression.op) {
    case 'constant':
    case 'read':
      return expression;
    case 'unary':
    case 'splat':
    case 'lane':
    case 'convert':
    case 'bitcast':
      return { ...expression, operand: move(expression.operand) };
    case 'binary':
    case 'compare':
    case 'shuffle':
      return { ...expression, left: move(expression.left), right: move(expression.right) };
    case 'select':
      return {
        ...expression,
        mask: move(expression.mask),
        whenTrue: move(expression.whenTrue),
        whenFalse: move(expression.whenFalse),
      };
    case 'multiplyAdd':
      return {
        ...expression,
        left: move(expression.left),
        right: move(expression.right),
        addend: move(expression.addend),
      };
    case 'load':
    case 'loadSplat':
    case 'loadStrided':
    case 'loadIndex16':
      return { ...expression, ...movedAddress(expression, moves) };
  }
}

function movedAddress({ buffer, address }: Address, moves: BufferMoves): Pick<Address, 'address'> {
  const moved = movedExpression(address, moves);
  const by = moves.get(buffer);
  return { address: by ? add(by, moved) : moved };
}

/** Statements that access the same buffers elsewhere: every address has what `moves` says added to it. */
export function moveBuffers(statements: readonly Statement[], moves: BufferMoves): Statement[] {
  const move = (part: Expression): Expression => movedExpression(part, moves);
  return statements.map((statement): Statement => {
    switch (statement.kind) {
      case 'comment':
        return statement;
      case 'declare':
      case 'assign':
        return { ...statement, value: move(statement.value) };
      case 'store':
        return { ...statement, ...movedAddress(statement, moves), value: move(statement.value) };
      case 'loop':
        return {
          ...statement,
          from: move(statement.from),
          to: move(statement.to),
          body: moveBuffers(statement.body, moves),
        };
      case 'if':
        return {
          ...statement,
          condition: move(statement.condition),
          then: moveBuffers(statement.then, moves),
          otherwise: moveBuffers(statement.otherwise, moves),
        };
    }
  });
}
