/**
 * Whether a pattern matches a whole name. `*` stands for any characters, `/` among them, since names of layers are no
 * paths; `?` stands for one; everything else for itself.
 *
 * @param pattern - The pattern.
 * @param name - The name.
 */
export function matchesGlob(pattern: string, name: string): boolean {
  // Walks both strings once and goes back only to the last star, so that no pattern takes exponential time.
  let at = 0;
  let star = -1;
  let resume = 0;
  for (let position = 0; position < name.length;) {
    if (pattern[at] === '*') {
      star = at++;
      resume = position;
    } else if (at < pattern.length && (pattern[at] === '?' || pattern[at] === name[position])) {
      at++;
      position++;
    } else if (star >= 0) {
      at = star + 1;
      position = ++resume;
    } else {
      return false;
    }
  }
  while (pattern[at] === '*') at++;
  return at === pattern.length;
}
