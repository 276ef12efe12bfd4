import { GrimError } from '@grim/ir';
import type { Program, Statement } from '@grim/kernels';

import type { OperatorModule } from './read-operators.ts';

/** Calls of functions outside the kernel IR; only kernels that do nothing else have them. */
function externalsIn(statements: readonly Statement[]): Extract<Statement, { kind: 'external' }>[] {
  return statements.filter((statement) => statement.kind === 'external');
}

/**
 * Checks that every operator of a user's own that a program calls is there and takes what it is given.
 *
 * @throws GrimError naming the node.
 */
export function checkOperators(program: Program, operators: OperatorModule | undefined): void {
  for (const { node, kernel } of program.calls) {
    for (const { function: name, operands } of externalsIn(kernel.body)) {
      const types = operators?.functions.get(name);
      if (!operators || !types) {
        const missing = operators ? 'which the operators do not export' : 'and no operators are given';
        throw new GrimError(`calls ${name}, ${missing}`, { layer: node });
      }
      if (types !== operands.map(() => 'i32').join(' ')) {
        throw new GrimError(
          `calls ${name} with ${operands.length} pointers, but it takes (${types}): see grim_operator.h`,
          { layer: node },
        );
      }
    }
  }
}

/**
 * The program with the data of operators in its image: both are constant, and the data lie before, in the bytes that the program
 * leaves to them.
 */
export function withOperatorData(program: Program, { memory }: OperatorModule): Program {
  const first = memory.findIndex((byte) => byte !== 0);
  if (first < 0) return program;
  const imageOffset = Math.floor(first / 16) * 16;
  const image = new Uint8Array(program.imageOffset + program.image.length - imageOffset);
  image.set(memory.subarray(imageOffset));
  image.set(program.image, program.imageOffset - imageOffset);
  return { ...program, imageOffset, image };
}
