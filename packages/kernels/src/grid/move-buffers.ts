import { add } from '../kernel-ir/expressions.ts';
import { mapOperands } from '../kernel-ir/map-operands.ts';
import type { Expression, Statement } from '../kernel-ir/types.ts';

/** Buffers by name with what is added to every address in them. */
export type BufferMoves = ReadonlyMap<string, Expression>;

function movedExpression(expression: Expression, moves: BufferMoves): Expression {
  const moved = mapOperands(expression, (operand) => movedExpression(operand, moves));
  return 'address' in moved ? { ...moved, address: movedAddress(moved, moves) } : moved;
}

function movedAddress(
  { buffer, address }: { readonly buffer: string; readonly address: Expression },
  moves: BufferMoves,
): Expression {
  const by = moves.get(buffer);
  return by ? add(by, address) : address;
}

/** Statements that access the same buffers elsewhere: every address has what `moves` says added to it. */
export function moveBuffers(statements: readonly Statement[], moves: BufferMoves): Statement[] {
  const move = (expression: Expression): Expression => movedExpression(expression, moves);
  const moveAll = (body: readonly Statement[]): Statement[] => moveBuffers(body, moves);
  return statements.map((statement): Statement => {
    switch (statement.kind) {
      case 'comment':
        return statement;
      case 'external': {
        const moved = statement.operands.find(({ buffer }) => buffer !== null && moves.has(buffer));
        if (moved) throw new TypeError(`${statement.function} takes buffers from their start`);
        return statement;
      }
      case 'declare':
      case 'assign':
        return { ...statement, value: move(statement.value) };
      case 'store': {
        const address = move(statement.address);
        return {
          ...statement,
          address: movedAddress({ ...statement, address }, moves),
          value: move(statement.value),
        };
      }
      case 'loop': {
        const { from, to, body } = statement;
        return { ...statement, from: move(from), to: move(to), body: moveAll(body) };
      }
      case 'if': {
        const { condition, then, otherwise } = statement;
        return {
          ...statement,
          condition: move(condition),
          then: moveAll(then),
          otherwise: moveAll(otherwise),
        };
      }
    }
  });
}
