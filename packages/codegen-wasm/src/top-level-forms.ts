/** Something in a module of WebAssembly text. */
export interface Form {
  /** What it is: `func`, `global`, … */
  readonly head: string;
  readonly text: string;
}

/** Strings, comments and parentheses: all that the structure of the text depends on. */
const tokens = /"(?:[^"\\]|\\.)*"|;;[^\n]*|[()]/g;

/**
 * The forms of a module of WebAssembly text.
 *
 * @param text - One `(module …)`, without block comments.
 */
export function topLevelForms(text: string): Form[] {
  const forms: Form[] = [];
  let depth = 0;
  let start = 0;
  for (const { 0: token, index } of text.matchAll(tokens)) {
    if (token === '(') {
      depth++;
      if (depth === 2) start = index;
    }
    if (token === ')') {
      if (depth === 2) {
        const form = text.slice(start, index + 1);
        forms.push({ head: /^\((\w+)/.exec(form)?.[1] ?? '', text: form });
      }
      depth--;
    }
  }
  return forms;
}
