/** Longest name that is used as it is; file systems stop at 255 bytes. */
const longestName = 100;

/**
 * File names for names from a model, which may hold anything: path separators, control characters, `..`.
 *
 * @param names - Distinct names.
 * @returns One per name, in their order: letters, digits and `._-` are kept, everything else becomes `_`, and names that
 * would be equal (or differ in case only) are numbered.
 */
export function safeFileNames(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    const stem =
      name
        .replaceAll(/[^A-Za-z0-9._-]/g, '_')
        .replace(/^\.+/, '_')
        .slice(0, longestName) || '_';
    let unique = stem;
    for (let count = 2; taken.has(unique.toLowerCase()); count++) unique = `${stem}-${count}`;
    taken.add(unique.toLowerCase());
    return unique;
  });
}
