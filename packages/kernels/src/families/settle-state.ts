import { compare, float, select, unary } from '../kernel-ir/expressions.ts';
import type { KernelBuilder } from '../kernel-ir/kernel-builder.ts';
import { SMALLEST_NORMAL_HALF } from '../kernel-ir/half.ts';
import type { ElementType, Expression } from '../kernel-ir/types.ts';

/**
 * The smallest magnitude of a recurrent state, 2⁻⁹⁶, or 2⁻¹⁴ of one that is stored as halves; smaller ones become 0.
 *
 * A state that decays reaches denormal numbers, and rounding keeps it there (0.9999 times a few last places is as many last
 * places). WebAssembly cannot flush them, and processors take a hundred cycles and more for a product with one in it: a step
 * of a GRU of 256 units took 93 times as long. Products with weights are denormal earlier than the state is, hence a bound so
 * far above 2⁻¹²⁶: a product with any weight above 2⁻³⁰ stays normal. The error is below the last place of anything above
 * 2⁻⁷².
 *
 * Below 2⁻¹⁴ halves are denormal. They have fewer bits the smaller they are, and devices may flush them, so that a state would depend
 * on the device.
 */
export const SMALLEST_STATE = { f16: SMALLEST_NORMAL_HALF, f32: 2 ** -96 } as const satisfies Record<
  ElementType,
  number
>;

/** A recurrent state, or 0 where it is smaller than {@link SMALLEST_STATE}; NaN stays NaN. */
export function settleState(
  builder: KernelBuilder,
  value: Expression,
  element: ElementType = 'f32',
): Expression {
  const state = builder.declare('state', value);
  return select(compare('lt', unary('abs', state), float(SMALLEST_STATE[element])), float(0), state);
}
