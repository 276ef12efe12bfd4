import { commentText } from './literals.ts';
import type { Fact } from './model-description.ts';

/** Facts as the lines of a list in a docstring. */
export function factLines(facts: readonly Fact[]): string[] {
  return facts.map(({ label, text }) => `- ${commentText(label)}: ${commentText(text)}`);
}
