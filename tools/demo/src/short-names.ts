/**
 * Names without what they all begin with, up to a separator: exporters put a path in front of every layer.
 *
 * @returns The short name of each; a name that would be empty stays as it is.
 */
export function shortNames(names: readonly string[]): Map<string, string> {
  const [first = '', ...others] = names;
  let common = first.length;
  for (const name of others) {
    let same = 0;
    while (same < common && name[same] === first[same]) same++;
    common = same;
  }
  const cut = others.length === 0 ? 0 : first.lastIndexOf('/', common - 1) + 1;
  return new Map(names.map((name) => [name, name.slice(cut) || name]));
}
