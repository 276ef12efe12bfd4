/**
 * All ways of marking `count` of some entries, forced ones among them, in lexical order; `undefined` when there are more
 * than `limit`. Forced entries are marked even beyond the count.
 *
 * @param length - Number of entries.
 * @param count - Entries to mark.
 * @param limit - The most ways that are listed.
 * @param forced - 1 for entries that are always marked.
 * @returns Flags of the entries, way by way.
 */
export function subsetsWithin(
  length: number,
  count: number,
  limit: number,
  forced?: Uint8Array,
): Uint8Array[] | undefined {
  const always = new Uint8Array(length);
  if (forced) always.set(forced);
  const free = Array.from(always.keys()).filter((index) => always[index] === 0);
  const wanted = Math.min(free.length, Math.max(0, count - (length - free.length)));
  if (binomial(free.length, wanted) > limit) return undefined;
  const found: Uint8Array[] = [];
  const extend = (flags: Uint8Array, from: number, missing: number): void => {
    if (missing === 0) {
      found.push(flags);
      return;
    }
    for (let position = from; position <= free.length - missing; position++) {
      const next = flags.slice();
      next[free[position] ?? 0] = 1;
      extend(next, position + 1, missing - 1);
    }
  };
  extend(always, 0, wanted);
  return found;
}

function binomial(n: number, k: number): number {
  let product = 1;
  for (let factor = 1; factor <= Math.min(k, n - k); factor++) product *= (n - factor + 1) / factor;
  return Math.round(product);
}
