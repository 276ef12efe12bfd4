import { GrimError } from '@grim/ir/program';

/** A symbol that was recognised. */
export interface CtcSymbol {
  /** Its class. */
  readonly symbol: number;
  /** First and last step at which it was the likeliest class. */
  readonly firstStep: number;
  readonly lastStep: number;
}

/**
 * The likeliest path of a network trained with connectionist temporal classification, without repetitions and blanks
 * (best path decoding; Graves et al. 2006, section 3.2).
 *
 * @param scores - Shape `[steps, classes]`: logits, probabilities or their logarithms.
 * @param classes - Classes of a step, the blank among them.
 * @param blank - Class of the blank (default 0).
 * @throws GrimError when `scores` is no whole number of steps, holds NaN, or there is no class `blank`.
 */
export function decodeCtc(scores: Float32Array, classes: number, blank = 0): CtcSymbol[] {
  if (!Number.isInteger(classes) || classes < 1 || scores.length % classes !== 0) {
    throw new GrimError(`${scores.length} scores of ${classes} classes: expected a whole number of steps`);
  }
  if (!Number.isInteger(blank) || blank < 0 || blank >= classes) {
    throw new GrimError(`blank ${blank}: expected a class from 0 to ${classes - 1}`);
  }
  const found: { symbol: number; firstStep: number; lastStep: number }[] = [];
  let previous = blank;
  for (let step = 0; step < scores.length / classes; step++) {
    const symbol = likeliest(scores, step * classes, classes, step);
    const last = found.at(-1);
    if (symbol !== blank && symbol === previous && last) last.lastStep = step;
    else if (symbol !== blank) found.push({ symbol, firstStep: step, lastStep: step });
    previous = symbol;
  }
  return found;
}

function likeliest(scores: Float32Array, start: number, classes: number, step: number): number {
  let best = 0;
  for (let symbol = 0; symbol < classes; symbol++) {
    const score = scores[start + symbol] ?? NaN;
    if (Number.isNaN(score)) throw new GrimError(`class ${symbol} of step ${step} has no score: NaN`);
    if (score > (scores[start + best] ?? NaN)) best = symbol;
  }
  return best;
}
