import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, inject, test } from 'vitest';
import { buildApplication, compileSample } from '../src/build-application.ts';

const fixture = inject('fixture');

/** What the bundle of the sample application exports. */
interface Application {
  outputsOf(bytes: Uint8Array, frames: number[][]): Promise<number[][]>;
  refusalOf(bytes: Uint8Array): Promise<string | undefined>;
  readonly speechExports: string[];
}

test('a bundle for the browser asks for no module of Node and runs a compiled model', async () => {
  const code = await buildApplication(fixture, 'browser');
  expect(code).not.toMatch(/from\s*"node:|require\(/);
  const file = join(fixture, 'application.bundle.mjs');
  writeFileSync(file, code);
  const application = (await import(pathToFileURL(file).href)) as Application;

  const { bytes, frames, expected } = compileSample(fixture);
  expect(await application.outputsOf(bytes, frames)).toEqual(expected);
  expect(application.speechExports).toContain('createVad');
});
