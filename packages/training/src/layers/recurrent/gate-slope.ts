import { GrimError, type Activation } from '@grim/ir';
import { compare, float, multiply, select, subtract, type Expression } from '@grim/kernels';
import { hasSlopeFromValue } from '../activation.ts';

const [zero, one] = [float(0), float(1)];

/**
 * The derivative of an activation of a gate, as an expression of its value. Activations whose value does not tell it are refused: only
 * values are kept.
 *
 * @throws `GrimError` naming the activation.
 */
export function gateSlope(activation: Activation): (value: Expression) => Expression {
  const { function: name, alpha } = activation;
  if (hasSlopeFromValue(activation)) {
    switch (name) {
      case 'sigmoid':
        return (value) => multiply(value, subtract(one, value));
      case 'tanh':
        return (value) => subtract(one, multiply(value, value));
      case 'relu':
        return (value) => select(compare('gt', value, zero), one, zero);
      case 'hardSigmoid':
        return (value) => {
          const belowOne = select(compare('lt', value, one), float(alpha ?? 0.2), zero);
          return select(compare('gt', value, zero), belowOne, zero);
        };
      case 'leakyRelu':
        return (value) => select(compare('lt', value, zero), float(alpha ?? 0.01), one);
      default:
    }
  }
  throw new GrimError(`activation ${name} cannot be trained in a recurrent layer`);
}
