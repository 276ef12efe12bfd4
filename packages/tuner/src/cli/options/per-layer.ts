import type { PerLayer } from '@grim/prune';
import { InvalidArgumentError } from 'commander';

/**
 * Parses an option that has one value for all layers, values by pattern, or both: `4` or `encoder*=2`. What is
 * given later wins where several patterns match.
 */
export function perLayerParser<T>(
  parse: (text: string) => T,
): (text: string, before: Readonly<Record<string, T>> | undefined) => Readonly<Record<string, T>> {
  return (text, before = {}) => {
    const at = text.lastIndexOf('=');
    const pattern = at < 0 ? '*' : text.slice(0, at);
    if (pattern === '') throw new InvalidArgumentError('A layer pattern is missing before =.');
    const others = Object.entries(before).filter(([known]) => known !== pattern);
    return Object.fromEntries([...others, [pattern, parse(text.slice(at + 1))]]);
  };
}

/** The value itself where it is for all layers, which is how it is recorded and reported. */
export function simplified<T>(values: Readonly<Record<string, T>>): PerLayer<T> {
  const [first, ...others] = Object.entries(values);
  return first?.[0] === '*' && others.length === 0 ? first[1] : values;
}
