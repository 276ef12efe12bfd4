import { afterAll, beforeAll, describe, expect, inject, onTestFinished, test } from 'vitest';
import { requireToolchain } from '@grim/toolchains';
import { buildApplication, compileShared } from '../src/build-application.ts';
import { openChromium, type OpenBrowser } from '../src/open-chromium.ts';
import { isolationHeaders, servePage } from '../src/serve-page.ts';

const fixture = inject('fixture');
const executable = requireToolchain('chromium');

/** What `bitsOnThreads` of the application gives. */
interface Ran {
  readonly threads: { readonly count: number; readonly reason: string };
  readonly bits: number[][];
}

describe.skipIf(executable === undefined)('threads in Chromium', () => {
  const shared = compileShared(fixture);
  let code: string;
  let browser: OpenBrowser;

  beforeAll(async () => {
    code = await buildApplication(fixture, 'browser');
    browser = await openChromium(executable ?? '');
  });

  afterAll(async () => {
    await browser.close();
  });

  /** Value of an expression in a page with these headers that has the application and a function `run(threads)`. */
  async function inPage(headers: Readonly<Record<string, string>>, expression: string): Promise<unknown> {
    const frames = JSON.stringify(shared.frames);
    // The same module in the page and, for expressions that start one, in a worker.
    const main = `${code}
globalThis.run = async (threads) => {
  const bytes = await (await fetch('/shared.grim')).arrayBuffer();
  return application.bitsOnThreads(bytes, ${frames}, threads);
};
if (typeof document === 'undefined') globalThis.onmessage = async () => postMessage(await run(2));`;
    const served = await servePage({ '/main.js': main, '/shared.grim': shared.bytes }, headers);
    const page = await browser.context.newPage();
    onTestFinished(async () => {
      await page.close();
      served.close();
    });
    await page.goto(served.url);
    await page.waitForFunction('globalThis.run !== undefined');
    return page.evaluate(expression);
  }

  const asAsked: Ran = { threads: { count: 2, reason: 'as asked for' }, bits: shared.bits };

  test('the model is one that threads share', () => {
    expect(shared.threads).toBe(2);
    expect(new Set(shared.bits[0]).size).toBeGreaterThan(100);
  });

  test('an isolated page computes on two threads the bits that one thread computes', async () => {
    const expected: Ran[] = [{ threads: { count: 1, reason: 'as asked for' }, bits: shared.bits }, asAsked];
    const ran = await inPage(isolationHeaders, 'run(1).then(async (one) => [one, await run(2)])');
    expect(ran).toEqual(expected);
  });

  test('a worker of an isolated page has workers of its own', async () => {
    const ran = await inPage(
      isolationHeaders,
      `new Promise((resolve, reject) => {
        const worker = new Worker('/main.js', { type: 'module' });
        worker.onerror = ({ message }) => reject(new Error(message));
        worker.onmessage = ({ data }) => resolve(data);
        worker.postMessage('run');
      })`,
    );
    expect(ran).toEqual(asAsked);
  });

  test('a page that is not isolated runs one thread and says so', async () => {
    const expected: Ran = {
      threads: { count: 1, reason: 'the page is not cross-origin isolated' },
      bits: shared.bits,
    };
    expect(await inPage({}, 'run(2)')).toEqual(expected);
  });

  test('an isolated page whose policy forbids such workers runs one thread and says so', async () => {
    const policy = { 'content-security-policy': "worker-src 'self'" };
    const ran = (await inPage({ ...isolationHeaders, ...policy }, 'run(2)')) as Ran;
    expect(ran.threads.count).toBe(1);
    expect(ran.threads.reason).toMatch(/^workers cannot start: ./);
    expect(ran.bits).toEqual(shared.bits);
  });
});
