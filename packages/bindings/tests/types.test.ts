import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';

const here = import.meta.dirname;

/** Files of a folder beside this one. */
function filesOf(folder: string): string[] {
  return readdirSync(join(here, folder)).map((name) => join(here, folder, name));
}

const uses = filesOf('types');
const emitted = filesOf('snapshots').filter((file) => file.endsWith('ts'));

/** The compiler's options for this workspace, and stricter. */
const options: ts.CompilerOptions = {
  ...ts.parseJsonConfigFileContent(
    {
      extends: '../../../tsconfig.base.json',
      compilerOptions: { skipLibCheck: false, noUnusedLocals: true },
    },
    ts.sys,
    here,
  ).options,
  // Declarations of others are theirs to check.
  types: [],
};

/** Lines, from 1, with a complaint of the compiler, by file; of our own files only. */
function complaints(
  roots: readonly string[],
  edit: (text: string) => string = (text) => text,
): Map<string, number[]> {
  const host = ts.createCompilerHost(options);
  const { getSourceFile } = host;
  host.getSourceFile = (file, ...parameters) =>
    uses.includes(file)
      ? ts.createSourceFile(file, edit(readFileSync(file, 'utf8')), ts.ScriptTarget.ES2022)
      : getSourceFile(file, ...parameters);
  const lines = new Map<string, number[]>();
  for (const { file, start = 0 } of ts.getPreEmitDiagnostics(ts.createProgram(roots, options, host))) {
    const name = file?.fileName ?? '';
    if (!name.startsWith(here)) continue;
    const line = (file?.getLineAndCharacterOfPosition(start).line ?? 0) + 1;
    lines.set(name, [...(lines.get(name) ?? []), line]);
  }
  return lines;
}

describe('the types of emitted modules', () => {
  test('let right use compile, and nothing else', () => {
    expect(complaints([...uses, ...emitted])).toEqual(new Map());
  });

  test('complain about every wrong use in its own line, once it is not expected any more', () => {
    const unexpecting = complaints(uses, (text) => text.replaceAll('@ts-expect-error', 'wrong'));
    for (const file of uses) {
      const expected = readFileSync(file, 'utf8')
        .split('\n')
        .flatMap((line, index) => (line.startsWith('// @ts-expect-error') ? [index + 2] : []));
      expect(expected.length).toBeGreaterThan(3);
      expect([...new Set(unexpecting.get(file))]).toEqual(expected);
    }
  });

  test('complain where right use is expected to be wrong', () => {
    const one = uses.find((file) => file.endsWith('recurrent.ts')) ?? '';
    const found = complaints([one], (text) =>
      text.replace('session.reset();', '// @ts-expect-error\nsession.reset();'),
    );
    expect(found.get(one)).toHaveLength(1);
  });
});
