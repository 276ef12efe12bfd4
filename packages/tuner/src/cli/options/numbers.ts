import { InvalidArgumentError } from 'commander';

/** A decimal number as people write it; no hexadecimal, no empty text. */
const decimal = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** Parses a finite number. */
export function parseNumber(text: string): number {
  const value = Number(text);
  if (!decimal.test(text) || !Number.isFinite(value))
    throw new InvalidArgumentError(`${text} is not a number.`);
  return value;
}

/** A parser of integers of at least `least`, and at most `most` where given. */
export function integerFrom(least: number, most?: number): (text: string) => number {
  const range = most === undefined ? `of at least ${least}` : `from ${least} to ${most}`;
  return (text) => {
    const value = parseNumber(text);
    if (!Number.isSafeInteger(value) || value < least || value > (most ?? value)) {
      throw new InvalidArgumentError(`${text} is not an integer ${range}.`);
    }
    return value;
  };
}

/** Parses numbers with commas between. */
export function parseNumbers(text: string): number[] {
  return text.split(',').map((part) => parseNumber(part.trim()));
}
