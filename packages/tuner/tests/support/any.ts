import { expect } from 'vitest';

// Vitest types its matchers as `any`.

/** Matches any number. */
export const anyNumber: unknown = expect.any(Number);

/** Matches any string. */
export const anyString: unknown = expect.any(String);

/** Matches any array. */
export const anyArray: unknown = expect.any(Array);

/** Matches an array that has such an element among others. */
export function arrayWith(element: unknown): unknown {
  return expect.arrayContaining([element]);
}

/** Matches a string that matches. */
export function stringLike(pattern: RegExp): unknown {
  return expect.stringMatching(pattern);
}
