import { crossEntropy, type Loss } from '@grim/training';

/** What a batch of examples should give. */
export interface ClassTarget {
  /** Class of each example. */
  readonly labels: Uint8Array;
  /** Logits of the dense network for the same inputs, row by row; absent where it is what is trained. */
  readonly teacher?: Float32Array;
}

/** Spread evenly over the classes (Szegedy et al. 2016, section 7). */
const labelSmoothing = 0.1;

/** Share of the loss that the teacher gives, and what logits are divided by before they are compared. */
const taught = 0.7;
const temperature = 2;

/**
 * Cross-entropy with the classes and, where there is a teacher, with what it says, softened (Hinton, Vinyals and Dean 2015, section 2; the
 * factor of the squared temperature keeps both parts equally strong).
 */
export function taughtCrossEntropy(): Loss<ClassTarget> {
  const ofLabels = crossEntropy({ labelSmoothing });
  return (outputs, { labels, teacher }) => {
    const hard = ofLabels(outputs, labels);
    const [output] = outputs;
    if (!teacher || !output) return hard;
    const [name, { data }] = output;
    const rows = labels.length;
    const classes = data.length / rows;
    const derivative = (hard.derivatives.get(name) ?? new Float32Array(data.length)).map(
      (value) => (1 - taught) * value,
    );
    let loss = (1 - taught) * hard.loss;
    for (let row = 0; row < rows; row++) {
      const own = softened(data.subarray(row * classes, (row + 1) * classes));
      const wanted = softened(teacher.subarray(row * classes, (row + 1) * classes));
      for (let index = 0; index < classes; index++) {
        const [p, q] = [own[index] ?? 0, wanted[index] ?? 0];
        loss -= (taught * temperature ** 2 * q * Math.log(Math.max(p, 1e-12))) / rows;
        const at = row * classes + index;
        derivative[at] = (derivative[at] ?? 0) + (taught * temperature * (p - q)) / rows;
      }
    }
    return { loss, derivatives: new Map([[name, derivative]]) };
  };
}

function softened(logits: Float32Array): Float64Array {
  const largest = Math.max(...logits);
  const powers = Float64Array.from(logits, (logit) => Math.exp((logit - largest) / temperature));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}
