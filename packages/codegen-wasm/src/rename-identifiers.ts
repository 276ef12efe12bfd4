import { operatorFunction } from './operator-function.ts';

/** Strings, comments, quoted identifiers and plain ones. */
const tokens = /\$"((?:[^"\\]|\\.)*)"|\$([^\s()";]+)|"(?:[^"\\]|\\.)*"|;;[^\n]*/g;

/**
 * Gives all identifiers of WebAssembly text names of operators, see {@link operatorFunction}: functions that are exported their
 * exported ones, all others their own. Every use of one identifier gets the same name, so the text means what it meant.
 *
 * @param exported - Exported names by identifier.
 */
export function renameIdentifiers(text: string, exported: ReadonlyMap<string, string>): string {
  const exportedNames = new Set(exported.values());
  const renamed = (identifier: string): string => {
    const name = exported.get(identifier);
    if (name !== undefined) return operatorFunction(name);
    // Names in the debug information need not be those of exports.
    return operatorFunction(exportedNames.has(identifier) ? `${identifier}.inner` : identifier);
  };
  return text.replaceAll(tokens, (token: string, quoted?: string, plain?: string) => {
    if (quoted !== undefined) return `$"${renamed(quoted)}"`;
    return plain === undefined ? token : `$${renamed(plain)}`;
  });
}
