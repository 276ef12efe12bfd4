import { GrimError } from '@grim/ir';

/** Longest prefix; C promises that 31 characters of a name count, and compilers take any number. */
const longestPrefix = 64;

/**
 * Refuses a prefix that cannot begin names in C.
 *
 * @param identifier - Makes a name one of C.
 */
export function checkPrefix(prefix: string, identifier: (name: string) => string): void {
  if (prefix.length > longestPrefix || !/^[A-Za-z_]\w*$/.test(prefix) || identifier(prefix) !== prefix) {
    throw new GrimError(`prefix ${prefix} is not a name in C of at most ${longestPrefix} characters`);
  }
}
