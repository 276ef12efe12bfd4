import { InvalidArgumentError } from 'commander';

/** Splits `name=value` at the last `=`: names in models may hold one, values do not. */
export function namedValue(text: string, example: string): readonly [name: string, value: string] {
  const at = text.lastIndexOf('=');
  if (at < 1 || at === text.length - 1) throw new InvalidArgumentError(`Give it as in ${example}.`);
  return [text.slice(0, at), text.slice(at + 1)];
}

/** Adds an entry to those of earlier occurrences of the option; the same name twice is refused. */
export function withEntry<T>(
  entries: Readonly<Record<string, T>> | undefined,
  [name, value]: readonly [string, T],
): Readonly<Record<string, T>> {
  if (entries && Object.hasOwn(entries, name)) throw new InvalidArgumentError(`${name} is given twice.`);
  // Not an assignment: a name may be `__proto__`.
  return Object.fromEntries([...Object.entries(entries ?? {}), [name, value]]);
}
