/** Names without the start that all of them share, which exporters make long. */
export interface ShortenedNames {
  /** The shared start; empty when there is none worth leaving out. */
  readonly prefix: string;
  readonly shorten: (name: string) => string;
}

/** Shorter than this, a shared start is left where it is. */
const shortestPrefix = 8;

/** Finds the start that all names share, up to the last `/`, `.` or `_` in it. */
export function shortenNames(names: readonly string[]): ShortenedNames {
  const [first = ''] = names;
  let length = names.length > 1 ? first.length : 0;
  for (const name of names) {
    while (!name.startsWith(first.slice(0, length))) length -= 1;
  }
  const prefix = first.slice(0, length).replace(/[^/._]*$/, '');
  const used = prefix.length >= shortestPrefix ? prefix : '';
  return {
    prefix: used,
    shorten: (name) => (name.startsWith(used) && name !== used ? name.slice(used.length) : name),
  };
}
