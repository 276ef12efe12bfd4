/**
 * Definitions of the functions that a text calls, and no others: compilers warn about static functions without a use.
 *
 * @param text - Text of kernels.
 * @param definitions - Functions by name, all of which begin with `grim_`.
 */
export function calledFunctions(text: string, definitions: Readonly<Record<string, string>>): string[] {
  const called = new Set(text.match(/\bgrim_\w+(?=\()/g) ?? []);
  return Object.entries(definitions).flatMap(([name, definition]) => (called.has(name) ? [definition] : []));
}
