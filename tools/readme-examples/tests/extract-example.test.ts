import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { extractExample } from '../src/extract-example.ts';
import { runExample } from '../src/run-example.ts';

test('the first ts block is taken, whole, and no other', () => {
  const markdown =
    '# Title\n\n```sh\nnpm i\n```\n\n```ts\nconst a = 1;\n\nvoid a;\n```\n\n```ts\nlater();\n```\n';
  expect(extractExample(markdown)).toBe('const a = 1;\n\nvoid a;\n');
});

test.each(['', 'text', '```js\nx();\n```', '```ts\nunclosed();\n', 'inline ```ts code```'])(
  '%j holds no example',
  (markdown) => {
    expect(extractExample(markdown)).toBeUndefined();
  },
);

/** Writes a program to a folder of its own. */
function program(code: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'grim-example-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
  });
  writeFileSync(join(folder, 'example.mts'), code);
  return join(folder, 'example.mts');
}

test('an example that works gives what it prints', async () => {
  expect(
    await runExample(program('const text: string = await Promise.resolve("done");\nconsole.log(text);\n')),
  ).toBe('done\n');
});

test('an example whose assertion fails, fails', async () => {
  await expect(
    runExample(program("import assert from 'node:assert/strict';\nassert.equal(1 + 1, 3);\n")),
  ).rejects.toThrow(/AssertionError/);
});
