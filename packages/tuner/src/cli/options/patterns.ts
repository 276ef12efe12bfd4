/**
 * Adds a pattern to those given before. One value for each time an option is given: an option that took all that follows would take the
 * model behind it too.
 */
export function addPattern(pattern: string, before: readonly string[] = []): readonly string[] {
  return [...before, pattern];
}
