import type { Activation } from '@grim/ir';
import type { Jax, JaxArray } from '../jax/load-jax.ts';

/** Value of an activation, elementwise; uses `x` up. */
export function activate(jax: Jax, activation: Activation, x: JaxArray): JaxArray {
  const { numpy: np, nn } = jax;
  switch (activation.function) {
    case 'abs':
      return np.absolute(x);
    case 'exp':
      return np.exp(x);
    case 'hardSigmoid':
      return np.clip(x.mul(activation.alpha ?? 0.2).add(activation.beta ?? 0.5), 0, 1);
    case 'hardSwish':
      return np.clip(x.ref.mul(1 / 6).add(0.5), 0, 1).mul(x);
    case 'leakyRelu':
      return np.where(np.less(x.ref, 0), x.ref.mul(activation.alpha ?? 0.01), x);
    case 'log':
      return np.log(x);
    case 'neg':
      return np.negative(x);
    case 'relu':
      return np.maximum(x, 0);
    case 'sigmoid':
      return nn.sigmoid(x);
    case 'sqrt':
      return np.sqrt(x);
    case 'square':
      return np.square(x);
    case 'tanh':
      return np.tanh(x);
  }
}

/**
 * Derivative of an activation, elementwise, from its value alone; uses `y` up. `undefined` for functions whose value does not
 * tell their derivative.
 */
export function slopeFromValue(jax: Jax, activation: Activation, y: JaxArray): JaxArray | undefined {
  const { numpy: np } = jax;
  switch (activation.function) {
    case 'relu':
      return np.greater(y, 0).astype(np.float32);
    case 'sigmoid':
      return y.ref.sub(np.square(y));
    case 'tanh':
      return np.square(y).neg().add(1);
    case 'hardSigmoid': {
      const inside = np.logicalAnd(np.greater(y.ref, 0), np.less(y, 1));
      return inside.astype(np.float32).mul(activation.alpha ?? 0.2);
    }
    case 'leakyRelu': {
      const slope = activation.alpha ?? 0.01;
      // With a slope below zero, values of both signs can be above zero.
      return slope > 0 ? np.where(np.less(y, 0), slope, 1) : undefined;
    }
    default:
      return undefined;
  }
}

/** Whether {@link slopeFromValue} has an answer. */
export function hasSlopeFromValue(activation: Activation): boolean {
  switch (activation.function) {
    case 'relu':
    case 'sigmoid':
    case 'tanh':
    case 'hardSigmoid':
      return true;
    case 'leakyRelu':
      return (activation.alpha ?? 0.01) > 0;
    default:
      return false;
  }
}
