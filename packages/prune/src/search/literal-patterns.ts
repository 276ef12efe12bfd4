/**
 * Values by name as values by pattern. Names that hold `*` or `?` come first, since they also match others and the last pattern that
 * matches counts.
 */
export function literalPatterns<T>(
  values: readonly (readonly [name: string, value: T])[],
): Record<string, T> {
  const isWild = ([name]: readonly [string, T]): boolean => /[*?]/.test(name);
  return Object.fromEntries([...values.filter(isWild), ...values.filter((entry) => !isWild(entry))]);
}
