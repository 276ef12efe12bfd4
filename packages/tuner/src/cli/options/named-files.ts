import { namedValue, withEntry } from './named-value.ts';

/** A parser of repeatable options `name=FILE`. */
export function namedFiles(
  flag: string,
): (text: string, before: Readonly<Record<string, string>> | undefined) => Readonly<Record<string, string>> {
  return (text, before) => withEntry(before, namedValue(text, `${flag} name=FILE.npy`));
}
