import { formatShape, GrimError } from '@grim/ir';
import type { Loss } from './loss.ts';
import { requireOutput } from './require-output.ts';

/** Options of {@link meanSquaredError}. */
export interface MeanSquaredErrorOptions {
  /** Output that is compared; the only output when it is left out. */
  readonly output?: string;
}

/**
 * Mean of the squared differences between all elements of an output and those of the target, which has its shape. With the outputs
 * of another network as targets it teaches one what the other does.
 *
 * @throws `GrimError` from the loss when the target has not as many values as the output.
 */
export function meanSquaredError(options: MeanSquaredErrorOptions = {}): Loss<ArrayLike<number>> {
  return (outputs, target) => {
    const { name, shape, data } = requireOutput(outputs, options.output);
    if (target.length !== data.length) {
      throw new GrimError(
        `output ${name} ${formatShape(shape)} needs a target of ${data.length} value(s), got ${target.length}`,
      );
    }
    let sum = 0;
    const derivative = data.map((value, index) => {
      const difference = value - (target[index] ?? NaN);
      sum += difference * difference;
      return (2 * difference) / data.length;
    });
    return { loss: sum / data.length, derivatives: new Map([[name, derivative]]) };
  };
}
