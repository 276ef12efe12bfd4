import { formatShape, GrimError } from '@grim/ir';
import type { Loss } from './loss.ts';
import { requireOutput } from './require-output.ts';

/** Options of {@link crossEntropy}. */
export interface CrossEntropyOptions {
  /** Output that holds the logits, classes along its last axis; the only output when it is left out. */
  readonly output?: string;
  /** Part of each target that is spread evenly over all classes, from 0 (the default) to below 1 (Szegedy et al. 2016, §7). */
  readonly labelSmoothing?: number;
}

/**
 * Cross-entropy of the softmax of logits [..., classes] with one class for each row, mean over the rows. The target has a class
 * for each row in row-major order; a row with a negative class does not count.
 *
 * @throws `GrimError` from the loss when there are not as many classes as rows, or one is no class.
 */
export function crossEntropy(options: CrossEntropyOptions = {}): Loss<ArrayLike<number>> {
  const { output, labelSmoothing = 0 } = options;
  if (!(labelSmoothing >= 0 && labelSmoothing < 1)) {
    throw new GrimError(`labelSmoothing must be at least 0 and below 1, got ${labelSmoothing}`);
  }
  return (outputs, target) => {
    const { name, shape, data } = requireOutput(outputs, output);
    const classes = shape.at(-1) ?? 1;
    const rows = data.length / classes;
    if (target.length !== rows) {
      throw new GrimError(
        `output ${name} ${formatShape(shape)} needs ${rows} class(es), got ${target.length}`,
      );
    }
    const derivative = new Float32Array(data.length);
    let loss = 0;
    let counted = 0;
    for (let row = 0; row < rows; row++) {
      const label = target[row] ?? 0;
      if (!Number.isInteger(label) || label >= classes) {
        throw new GrimError(`class ${label} of row ${row} is none of the ${classes} of output ${name}`);
      }
      if (label < 0) continue;
      counted++;
      const logits = data.subarray(row * classes, (row + 1) * classes);
      const largest = logits.reduce((most, logit) => Math.max(most, logit), -Infinity);
      const logSum = Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit - largest), 0)) + largest;
      logits.forEach((logit, index) => {
        const wanted = labelSmoothing / classes + (index === label ? 1 - labelSmoothing : 0);
        if (wanted > 0) loss += wanted * (logSum - logit);
        derivative[row * classes + index] = Math.exp(logit - logSum) - wanted;
      });
    }
    const scale = 1 / Math.max(counted, 1);
    return { loss: loss * scale, derivatives: new Map([[name, derivative.map((value) => value * scale)]]) };
  };
}
