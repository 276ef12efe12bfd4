import type { Diagnostic, Severity } from './diagnostic.ts';

/** Lines that are looked at, and characters of each: what a compiler says may have any length. */
const maximumLines = 20_000;
const maximumLineLength = 4096;

/** Diagnostics that are returned. */
const maximumDiagnostics = 1000;

/** What compilers and linkers write before a message. */
const severities: Readonly<Record<string, Severity>> = {
  'fatal error': 'error',
  error: 'error',
  warning: 'warning',
  note: 'note',
  remark: 'remark',
};

/** Colours and other terminal controls. */

const terminalControls = /\u001b\[[0-9;]*[A-Za-z]/g;

/** A severity with what stands around it: `: error: `; emcc begins lines with it. */
const marker = /(?:^|: )(fatal error|error|warning|note|remark): /;

/** Line and column at the end of a place: `:12:5`, `:12`. */
const position = /:(\d{1,9})(?::(\d{1,9}))?$/;

function parseLine(line: string): Diagnostic | undefined {
  const found = marker.exec(line);
  if (!found) return undefined;
  const severity = severities[found[1] ?? ''];
  const message = line.slice(found.index + found[0].length).trim();
  if (severity === undefined || message === '') return undefined;
  const place = line.slice(0, found.index).trim();
  const at = position.exec(place);
  // Without a line it is the name of the program that speaks: `wasm-ld`, `emcc`.
  if (!at) return { severity, message };
  const file = place.slice(0, at.index);
  if (file === '') return { severity, message };
  return {
    file,
    line: Number(at[1]),
    ...(at[2] !== undefined && { column: Number(at[2]) }),
    severity,
    message,
  };
}

/**
 * Finds the diagnostics in what gcc, clang, wasm-ld or emcc wrote: lines of the form `file:line:column: severity: message`, with line
 * and column or both absent. Quoted source, carets and lists of including files are skipped.
 *
 * @param text - What the program wrote, of any length and with any bytes in it; only a bounded part is looked at.
 * @returns At most 1000 diagnostics, in order.
 */
export function parseDiagnostics(text: string): Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  let start = 0;
  for (let lines = 0; lines < maximumLines && start < text.length; lines++) {
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline;
    const line = text.slice(start, Math.min(end, start + maximumLineLength)).replace(terminalControls, '');
    start = end + 1;
    const diagnostic = parseLine(line);
    if (!diagnostic) continue;
    diagnostics.push(diagnostic);
    if (diagnostics.length === maximumDiagnostics) break;
  }
  return diagnostics;
}
