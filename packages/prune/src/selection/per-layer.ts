import { GrimError } from '@grim/ir';
import { matchesGlob } from './glob.ts';
import { patternMeans, weightName, type WeightUse } from './weight-use.ts';

/**
 * One value for all layers, or values by pattern.
 *
 * A pattern matches names of layers (`conv*`) or of one weight of a layer (`lstm:r`); `*` stands for any characters, `?`
 * for one. When several match, the last one written counts; JavaScript lists keys that are whole numbers before all others, wherever they
 * are written, so a layer named `0` is written `0:*` beside other patterns.
 */
export type PerLayer<T> = T | Readonly<Record<string, T>>;

/** The value that a weight, or one gate of it, gets; `undefined` when there are patterns and none matches. */
export function valueFor<T>(
  option: PerLayer<T>,
  isValue: (option: PerLayer<T>) => option is T,
  use: WeightUse,
  gate?: string,
): T | undefined {
  if (isValue(option)) return option;
  return Object.entries(option)
    .filter(([pattern]) => patternMeans(pattern, use, gate))
    .at(-1)?.[1];
}

/** Patterns of an option; none when it has one value for all layers. */
export function patternsOf<T>(
  option: PerLayer<T>,
  isValue: (option: PerLayer<T>) => option is T,
): readonly string[] {
  return isValue(option) ? [] : Object.keys(option);
}

/** How many layers a message lists. */
const namesListed = 8;

/**
 * Refuses patterns that match nothing: they are misspelt, and what they ask for would silently not happen.
 *
 * @throws `GrimError` naming the option, the pattern and the layers there are, or the gates where only that is wrong.
 */
export function checkPatterns(
  option: string,
  patterns: readonly string[],
  uses: readonly WeightUse[],
  finest: 'weights' | 'gates' = 'weights',
): void {
  for (const pattern of patterns) {
    const means = (use: WeightUse): boolean =>
      patternMeans(pattern, use) ||
      (finest === 'gates' && use.gates.some((gate) => patternMeans(pattern, use, gate)));
    if (uses.some(means)) continue;
    const gated = finest === 'gates' ? useWithGateOf(pattern, uses) : undefined;
    if (gated) {
      throw new GrimError(
        `${option} pattern "${pattern}" names no gate of ${weightName(gated)}, which has ${gated.gates.join(', ')}`,
      );
    }
    const names = [...new Set(uses.map(({ layer }) => layer))];
    const listed = names.slice(0, namesListed).join(', ') + (names.length > namesListed ? ', …' : '');
    throw new GrimError(
      `${option} pattern "${pattern}" matches no layer with weights (${listed || 'there are none'})`,
    );
  }
}

/** The weight with gates whose name is that of a pattern up to the last colon. */
function useWithGateOf(pattern: string, uses: readonly WeightUse[]): WeightUse | undefined {
  const weight = pattern.slice(0, Math.max(0, pattern.lastIndexOf(':')));
  return uses.find((use) => use.gates.length > 0 && matchesGlob(weight, weightName(use)));
}

/**
 * Refuses patterns among several whose place is not known: which one is the last is what decides.
 *
 * @throws `GrimError` naming the option and the pattern.
 */
export function checkOrder(option: string, patterns: readonly string[]): void {
  const number = patterns.find((pattern) => /^\d+$/.test(pattern));
  if (number === undefined || patterns.length === 1) return;
  throw new GrimError(
    `${option} pattern "${number}" is a whole number, which is listed before all others; write "${number}:*"`,
  );
}
