import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, inject, onTestFinished, test } from 'vitest';
import { requireToolchain } from '@grim/toolchains';
import { bundleWithVite, compileModule } from '../src/compile-module.ts';
import { openChromium, type OpenBrowser } from '../src/open-chromium.ts';
import { servePage } from '../src/serve-page.ts';

const executable = requireToolchain('chromium');

describe.skipIf(executable === undefined)('the module of grim compile in Chromium', () => {
  const sample = compileModule(inject('fixture'), 'typed-page');
  let browser: OpenBrowser;

  beforeAll(async () => {
    browser = await openChromium(executable ?? '');
  });

  afterAll(async () => {
    await browser.close();
  });

  /** Outputs of the sample's frames in a page of these files; of the model at an address, if there is one. */
  async function outputsIn(
    files: Readonly<Record<string, string | Uint8Array>>,
    address?: string,
  ): Promise<unknown> {
    const served = await servePage(files);
    const page = await browser.context.newPage();
    onTestFinished(async () => {
      await page.close();
      served.close();
    });
    await page.goto(served.url);
    await page.waitForFunction('globalThis.outputsOf !== undefined');
    return page.evaluate(`outputsOf(${JSON.stringify(sample.frames)}, ${JSON.stringify(address)})`);
  }

  test('bundled by Vite, with the model as a file of its own', async () => {
    const files = await bundleWithVite(sample, 0);
    expect(Object.keys(files)).toEqual([
      '/main.js',
      expect.stringMatching(/^\/assets\/sample-net-.*\.grim$/),
    ]);
    expect(await outputsIn(files)).toEqual(sample.expected);
  });

  test('bundled by Vite, with the model inside', async () => {
    const files = await bundleWithVite(sample, 1_000_000);
    expect(Object.keys(files)).toEqual(['/main.js']);
    expect(await outputsIn(files)).toEqual(sample.expected);
  });

  test('bundled by esbuild, told where the model is', async () => {
    const { outputFiles } = await build({
      entryPoints: [join(sample.folder, 'typed-page.js')],
      bundle: true,
      write: false,
      format: 'esm',
      platform: 'browser',
      logLevel: 'silent',
    });
    const model = readFileSync(join(sample.folder, 'sample-net.grim'));
    const files = { '/main.js': outputFiles[0]?.text ?? '', '/models/net.grim': new Uint8Array(model) };
    expect(await outputsIn(files, '/models/net.grim')).toEqual(sample.expected);
    await expect(outputsIn(files, '/models/other.grim')).rejects.toThrow(
      /GrimError: http:.*\/models\/other.grim: cannot be fetched, the status is 404/,
    );
  });
});
