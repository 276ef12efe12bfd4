import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { formatDiagnostic, parseDiagnostics, type Diagnostic } from '@grim/emscripten';

describe('what compilers and linkers write', () => {
  it('is read as they write it', () => {
    const text = [
      'In file included from main.c:1:',
      "./inner.h:3:17: error: use of undeclared identifier 'y'",
      '    return x + y;',
      '               ^',
      "main.c:12:5: warning: unused variable 'u' [-Wunused-variable]",
      'main.c:4: note: previous declaration is here',
      'C:\\work\\main.c:7:1: fatal error: no such file',
      '\u001b[1mmain.c:1:2: \u001b[0m\u001b[0;1;31merror: \u001b[0m\u001b[1mexpected expression\u001b[0m',
      'wasm-ld: error: main.o: undefined symbol: missing',
      'error: undefined symbol: missing (referenced by top-level compiled C/C++ code)',
      'main.c:9:3: remark: vectorized loop\r',
      '1 error generated.',
      '',
    ].join('\n');
    expect(parseDiagnostics(text)).toEqual([
      {
        file: './inner.h',
        line: 3,
        column: 17,
        severity: 'error',
        message: "use of undeclared identifier 'y'",
      },
      {
        file: 'main.c',
        line: 12,
        column: 5,
        severity: 'warning',
        message: "unused variable 'u' [-Wunused-variable]",
      },
      { file: 'main.c', line: 4, severity: 'note', message: 'previous declaration is here' },
      { file: 'C:\\work\\main.c', line: 7, column: 1, severity: 'error', message: 'no such file' },
      { file: 'main.c', line: 1, column: 2, severity: 'error', message: 'expected expression' },
      { severity: 'error', message: 'main.o: undefined symbol: missing' },
      {
        severity: 'error',
        message: 'undefined symbol: missing (referenced by top-level compiled C/C++ code)',
      },
      { file: 'main.c', line: 9, column: 3, severity: 'remark', message: 'vectorized loop' },
    ] satisfies Diagnostic[]);
  });

  it('comes back from what is written here', () => {
    const word = fc.stringMatching(/^[A-Za-z0-9_./-]{1,20}$/);
    const message = fc.stringMatching(/^[A-Za-z0-9_'][A-Za-z0-9_' -]{0,40}[A-Za-z0-9_']$/);
    const number = fc.integer({ min: 1, max: 999_999_999 });
    const severity = fc.constantFrom('error', 'warning', 'note', 'remark');
    const diagnostic = fc.oneof(
      fc.record({ file: word, line: number, column: number, severity, message }),
      fc.record({ file: word, line: number, severity, message }),
      fc.record({ severity, message }),
    );
    fc.assert(
      fc.property(fc.array(diagnostic), (diagnostics) => {
        expect(parseDiagnostics(diagnostics.map(formatDiagnostic).join('\n'))).toEqual(diagnostics);
      }),
    );
  });

  it('may be anything', () => {
    const pieces = fc.constantFrom(
      ':',
      ': ',
      'error',
      ': error: ',
      'warning: ',
      '\n',
      '\r',
      '\u001b[',
      '\u001b[31m',
      '9',
      '12',
      '/',
      'a',
      ' ',
      '\u0000',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.array(pieces).map((parts) => parts.join('')),
        ),
        (text) => {
          for (const { line = 1, column = 1, message, file } of parseDiagnostics(text)) {
            expect(Number.isSafeInteger(line) && Number.isSafeInteger(column)).toBe(true);
            expect(message).not.toBe('');
            expect(message).not.toContain('\n');
            expect(file).not.toBe('');
          }
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('is read up to a bound', () => {
    expect(parseDiagnostics('a.c:1:1: error: e\n'.repeat(50_000))).toHaveLength(1000);
    expect(parseDiagnostics('\n'.repeat(1_000_000))).toEqual([]);
    const [diagnostic] = parseDiagnostics(`a.c:1:1: error: ${'e'.repeat(1_000_000)}`);
    expect(diagnostic?.message.length).toBeLessThan(4096);
  });
});
