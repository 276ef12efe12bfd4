import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { requireToolchain } from '@grim/toolchains';
import { buildApplication, compileSample } from '../src/build-application.ts';
import { openChromium, type OpenBrowser } from '../src/open-chromium.ts';
import { servePage, type ServedPage } from '../src/serve-page.ts';

const fixture = inject('fixture');
const executable = requireToolchain('chromium');

describe.skipIf(executable === undefined)('a page in Chromium', () => {
  const sample = compileSample(fixture);
  let served: ServedPage;
  let browser: OpenBrowser;
  let page: Page;

  beforeAll(async () => {
    served = await servePage({
      '/main.js': await buildApplication(fixture, 'browser'),
      '/sample.grim': sample.bytes,
      '/truncated.grim': sample.bytes.subarray(0, 100),
    });
    browser = await openChromium(executable ?? '');
    page = await browser.context.newPage();
    await page.goto(served.url);
    await page.waitForFunction('globalThis.application !== undefined');
  });

  afterAll(async () => {
    await browser.close();
    served.close();
  });

  /** Value of an expression in the page, where `bytes` is a file it has downloaded. */
  async function inPage(file: string, expression: string): Promise<unknown> {
    return page.evaluate(
      `fetch('${file}').then((response) => response.arrayBuffer()).then((bytes) => ${expression})`,
    );
  }

  test('runs a compiled model, frame by frame, with its state', async () => {
    const frames = JSON.stringify(sample.frames);
    expect(await inPage('/sample.grim', `application.outputsOf(bytes, ${frames})`)).toEqual(sample.expected);
  });

  test('says in one line what is wrong with a file that was cut off', async () => {
    expect(await inPage('/truncated.grim', 'application.refusalOf(bytes)')).toMatch(/^GrimError: [^\n]+$/);
  });

  test('has the speech sessions', async () => {
    expect(await inPage('/sample.grim', 'application.speechExports')).toContain('createVad');
  });
});
