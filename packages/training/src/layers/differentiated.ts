import type { Tensor } from '@grim/ir';
import { borrowing } from '../jax/borrowing.ts';
import type { JaxArray } from '../jax/load-jax.ts';
import { upload } from '../jax/transfer.ts';
import type { Stage, StageSite } from './stage.ts';

/**
 * A stage with one result whose derivative jax-js finds. The backward pass computes anew what it needs of the forward pass, so
 * this is for what is cheap: products with weights have stages of their own.
 *
 * @param site - Where the stage is.
 * @param compute - The function of the operands that are present, in their order, and of the constants behind them.
 * @param constants - What it needs besides. A compiled function would keep an array that it closes over for good, so that these are
 * made for each pass.
 */
export function differentiated(
  site: StageSite,
  compute: (...operands: JaxArray[]) => JaxArray,
  constants: readonly Tensor[] = [],
): Stage {
  const { jax, wanted, inputShapes } = site;
  const present = inputShapes.flatMap((shape, position) => (shape === null ? [] : [position]));
  const isVariable = present.map((position) => wanted[position] === true);
  const forward = borrowing(jax, (...operands) => [compute(...operands)]);
  const backward = borrowing(jax, (cotangent: JaxArray, ...operands: JaxArray[]) => {
    const ofVariables = (...values: JaxArray[]): JaxArray => {
      const next = values.values();
      return compute(
        ...operands.map((operand, index) => (isVariable[index] ? (next.next().value ?? operand) : operand)),
      );
    };
    const [value, pullBack] = jax.vjp(
      ofVariables,
      operands.filter((_, index) => isVariable[index]),
    );
    value.dispose();
    return pullBack(cotangent);
  });
  return (operands) => {
    const made = constants.map(({ shape, data }) => upload(jax, data, shape));
    const given = [...operands.filter((operand) => operand !== null), ...made];
    return Promise.resolve({
      outputs: forward(...given),
      pullBack: ([cotangent]) => {
        if (!cotangent) return Promise.resolve(operands.map(() => null));
        const derivatives = backward(cotangent, ...given).values();
        return Promise.resolve(
          operands.map((operand, position) =>
            operand && wanted[position] ? (derivatives.next().value ?? null) : null,
          ),
        );
      },
      release: () => {
        for (const array of made) array.dispose();
      },
    });
  };
}
