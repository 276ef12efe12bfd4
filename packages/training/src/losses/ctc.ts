import { formatShape, GrimError } from '@grim/ir';
import type { Loss } from './loss.ts';
import { requireOutput } from './require-output.ts';

/** What the examples of a batch should be read as. */
export interface CtcTarget {
  /** Classes of each example in their order, without blanks. */
  readonly labels: readonly ArrayLike<number>[];
  /** Steps of each example that count, from the first; all of them when left out. */
  readonly steps?: readonly number[];
}

/** Options of {@link ctc}. */
export interface CtcOptions {
  /** Output that holds the logits, classes along its last axis; the only output when it is left out. */
  readonly output?: string;
  /** Class of the blank (default 0). */
  readonly blank?: number;
  /** Which axis of the logits counts steps: 0 (the default) for [steps, examples, classes], 1 for [examples, steps, classes]. */
  readonly stepAxis?: 0 | 1;
}

/**
 * Connectionist temporal classification over logits: minus the logarithm of the probability of all paths that read as the labels,
 * mean over the examples. Loss and derivative have a closed form by sums over paths from both ends, here in the logarithm and in
 * double precision (Graves et al. 2006, section 4). Labels that the logits rule out have an infinite loss.
 *
 * @throws `GrimError` from the loss when labels or steps do not fit the logits, or an example has too few steps for its labels.
 */
export function ctc(options: CtcOptions = {}): Loss<CtcTarget> {
  const { output, blank = 0, stepAxis = 0 } = options;
  return (outputs, { labels, steps }) => {
    const { name, shape, data } = requireOutput(outputs, output);
    const [first = 0, second = 0, classes = 0] = shape;
    const [frames, examples] = stepAxis === 0 ? [first, second] : [second, first];
    if (shape.length !== 3 || labels.length !== examples || (steps && steps.length !== examples)) {
      throw new GrimError(
        `output ${name} ${formatShape(shape)} does not hold logits of ${labels.length} example(s) over steps`,
      );
    }
    if (!Number.isInteger(blank) || blank < 0 || blank >= classes) {
      throw new GrimError(`blank ${blank} is none of the ${classes} classes of output ${name}`);
    }
    const derivative = new Float32Array(data.length);
    let loss = 0;
    labels.forEach((own, example) => {
      const count = steps?.[example] ?? frames;
      if (!Number.isInteger(count) || count < 1 || count > frames) {
        throw new GrimError(`example ${example} has ${count} step(s), expected 1 to ${frames}`);
      }
      // As many steps as labels, and a blank between equal ones.
      const repeats = Array.from(own).filter((label, index) => index > 0 && label === own[index - 1]).length;
      if (own.length + repeats > count) {
        throw new GrimError(
          `example ${example} has ${own.length} label(s), too many for its ${count} step(s)`,
        );
      }
      const at = (step: number): number =>
        (stepAxis === 0 ? step * examples + example : example * frames + step) * classes;
      const path = pathOf(own, blank, classes, example);
      const logProbabilities = logSoftmax(data, at, count, classes);
      const { logLikelihood, occupancy } = sumOverPaths(logProbabilities, path, count, classes);
      loss -= logLikelihood / examples;
      for (let step = 0; step < count; step++) {
        for (let symbol = 0; symbol < classes; symbol++) {
          const place = step * classes + symbol;
          const probability = Math.exp(logProbabilities[place] ?? NaN);
          derivative[at(step) + symbol] = (probability - (occupancy[place] ?? NaN)) / examples;
        }
      }
    });
    return { loss, derivatives: new Map([[name, derivative]]) };
  };
}

/** The labels with a blank before, between and after them. */
function pathOf(labels: ArrayLike<number>, blank: number, classes: number, example: number): number[] {
  const path = [blank];
  for (const label of Array.from(labels)) {
    if (!Number.isInteger(label) || label < 0 || label >= classes || label === blank) {
      throw new GrimError(
        `label ${label} of example ${example} is none of the ${classes} classes but the blank`,
      );
    }
    path.push(label, blank);
  }
  return path;
}

function logSoftmax(
  logits: Float32Array,
  at: (step: number) => number,
  steps: number,
  classes: number,
): Float64Array {
  const result = new Float64Array(steps * classes);
  for (let step = 0; step < steps; step++) {
    const own = logits.subarray(at(step), at(step) + classes);
    const largest = own.reduce((most, logit) => Math.max(most, logit), -Infinity);
    const sum = own.reduce((total, logit) => total + Math.exp(logit - largest), 0);
    own.forEach((logit, symbol) => {
      result[step * classes + symbol] = logit - largest - Math.log(sum);
    });
  }
  return result;
}

/** The logarithm of a sum from the logarithms of its terms. */
function logAdd(a: number, b: number): number {
  const most = Math.max(a, b);
  return most === -Infinity ? most : most + Math.log1p(Math.exp(Math.min(a, b) - most));
}

/** The probability of all paths, and the part of it that passes through each class at each step. */
function sumOverPaths(
  logProbabilities: Float64Array,
  path: readonly number[],
  steps: number,
  classes: number,
): { readonly logLikelihood: number; readonly occupancy: Float64Array } {
  const length = path.length;
  // Whether a path may come here from two places before: the blank between two equal labels must not be left out.
  const skips = path.map((symbol, place) => place > 1 && symbol !== path[0] && symbol !== path[place - 2]);
  const log = (step: number, place: number): number =>
    logProbabilities[step * classes + (path[place] ?? 0)] ?? NaN;
  // Sums over the beginnings of paths that end at a place, with its own probability.
  const forward = new Float64Array(steps * length).fill(-Infinity);
  for (let step = 0; step < steps; step++) {
    for (let place = 0; place < length; place++) {
      const before = (back: number): number => forward[(step - 1) * length + place - back] ?? -Infinity;
      let sum = step === 0 && place < 2 ? 0 : -Infinity;
      if (step > 0) {
        sum = before(0);
        if (place > 0) sum = logAdd(sum, before(1));
        if (skips[place]) sum = logAdd(sum, before(2));
      }
      forward[step * length + place] = sum + log(step, place);
    }
  }
  // Sums over the ends of paths behind a place, without its own probability.
  const backward = new Float64Array(steps * length).fill(-Infinity);
  for (let step = steps - 1; step >= 0; step--) {
    for (let place = 0; place < length; place++) {
      const behind = (ahead: number): number =>
        (backward[(step + 1) * length + place + ahead] ?? -Infinity) + log(step + 1, place + ahead);
      let sum = step === steps - 1 && place >= length - 2 ? 0 : -Infinity;
      if (step < steps - 1) {
        sum = behind(0);
        if (place + 1 < length) sum = logAdd(sum, behind(1));
        if (skips[place + 2]) sum = logAdd(sum, behind(2));
      }
      backward[step * length + place] = sum;
    }
  }
  const last = (steps - 1) * length;
  const logLikelihood = logAdd(
    forward[last + length - 1] ?? -Infinity,
    length > 1 ? (forward[last + length - 2] ?? -Infinity) : -Infinity,
  );
  const occupancy = new Float64Array(steps * classes);
  for (let step = 0; step < steps; step++) {
    path.forEach((symbol, place) => {
      const through = (forward[step * length + place] ?? NaN) + (backward[step * length + place] ?? NaN);
      const index = step * classes + symbol;
      occupancy[index] = (occupancy[index] ?? 0) + Math.exp(through - logLikelihood);
    });
  }
  return { logLikelihood, occupancy };
}
