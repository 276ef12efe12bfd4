import type { Diagnostic } from './diagnostic.ts';

/** A diagnostic as compilers write it: `file:line:column: severity: message`. */
export function formatDiagnostic({ file, line, column, severity, message }: Diagnostic): string {
  const place = [file, line, column].filter((part) => part !== undefined).join(':');
  return `${place === '' ? '' : `${place}: `}${severity}: ${message}`;
}
