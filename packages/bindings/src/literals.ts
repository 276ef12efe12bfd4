/** A string literal of TypeScript that holds `text`, whatever that is, in the quotes that take fewer escapes. */
export function stringLiteral(text: string): string {
  // JSON escapes control characters and halves of surrogate pairs, which a file could not hold.
  const escaped = JSON.stringify(text).replaceAll(unsafeCharacters, unicodeEscape);
  // ts-morph takes any quote behind a backslash for a part of the literal, and what follows it with it.
  const double = text.endsWith('\\') ? `${escaped.slice(0, -3)}\\u005c"` : escaped;
  if (countOf(text, "'") > countOf(text, '"')) return double;
  return `'${double.slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}

function countOf(text: string, character: string): number {
  return text.split(character).length - 1;
}

/** A key of an object type: an identifier or a string literal. */
export function typeKey(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : stringLiteral(name);
}

/** A key of an object literal. */
export function valueKey(name: string): string {
  // Without the brackets it would set the prototype.
  return name === '__proto__' ? `['__proto__']` : typeKey(name);
}

/** An expression for the property of an object. */
export function propertyOf(object: string, name: string): string {
  const key = typeKey(name);
  return key === name ? `${object}.${name}` : `${object}[${key}]`;
}

/** Text in a block comment: on one line, unable to end the comment, to be taken for a tag or to change the order of reading. */
export function commentText(text: string): string {
  return text
    .replaceAll(unsafeCharacters, unicodeEscape)
    .replaceAll(/[\p{Cc}\p{Cs}]/gu, unicodeEscape)
    .replaceAll('*/', '*\\/')
    .replaceAll('@', '\\@');
}

/** Line separators, and marks that change the order in which text is shown. */
const unsafeCharacters = /[\u2028\u2029\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\ufeff]/g;

function unicodeEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
