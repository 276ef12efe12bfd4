import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchesGlob } from '../src/selection/glob.ts';

/** The same rule as a regular expression. */
function reference(pattern: string, name: string): boolean {
  const source = Array.from(pattern, (character) => {
    if (character === '*') return '.*';
    return character === '?' ? '.' : character.replace(/[\\^$.*+?()[\]{}|]/u, '\\$&');
  });
  return new RegExp(`^${source.join('')}$`, 's').test(name);
}

describe('matchesGlob', () => {
  it('matches as the regular expression does', () => {
    const letters = (alphabet: string): fc.Arbitrary<string> =>
      fc
        .array(fc.constantFrom(...Array.from(alphabet)), { maxLength: 8 })
        .map((characters) => characters.join(''));
    fc.assert(
      fc.property(letters('ab/.*?('), letters('ab/.('), (pattern, name) => {
        expect(matchesGlob(pattern, name)).toBe(reference(pattern, name));
      }),
      { numRuns: 2000 },
    );
  });

  it('answers at once on patterns that make backtracking explode', () => {
    expect(matchesGlob(`${'*a'.repeat(40)}b`, 'a'.repeat(20_000))).toBe(false);
  });
});
