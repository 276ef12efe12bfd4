import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, expect, onTestFinished, test, vi } from 'vitest';
import { GrimError, loadModel, type ModelSource } from '../src/index.ts';
import { leakyFile, leakyReference } from './support/leaky-model.ts';

afterEach(() => {
  vi.unstubAllGlobals();
});

const frame = Float32Array.of(1, 2, 3, 4);
const expected = leakyReference([frame]).outputs[0];

/** The folder of a model, gone after the test. */
function folderWithModel(): string {
  const folder = mkdtempSync(join(tmpdir(), 'grim-runtime-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
  });
  writeFileSync(join(folder, 'leaky model.grim'), leakyFile());
  return folder;
}

/** The address of a server that has a model, and nothing else; gone after the test. */
async function serverWithModel(): Promise<URL> {
  const server = createServer(({ url }, response) => {
    response.writeHead(url === '/leaky.grim' ? 200 : 404).end(url === '/leaky.grim' ? leakyFile() : 'none');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
}

async function firstOutput(source: ModelSource): Promise<number[]> {
  return [...(await loadModel(source)).createSession().step(frame)];
}

async function refusalOf(source: ModelSource): Promise<string> {
  const error: unknown = await loadModel(source).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(GrimError);
  return (error as GrimError).message;
}

test('a model loads from the URL of a file', async () => {
  const url = pathToFileURL(join(folderWithModel(), 'leaky model.grim'));
  expect(await firstOutput(url)).toEqual(expected);
});

test('a model loads from a server, and from a data: URL', async () => {
  expect(await firstOutput(new URL('/leaky.grim', await serverWithModel()))).toEqual(expected);
  const text = Buffer.from(leakyFile()).toString('base64');
  expect(await firstOutput(new URL(`data:application/octet-stream;base64,${text}`))).toEqual(expected);
});

test('where there are no modules of Node, a file: URL is fetched, too', async () => {
  const url = pathToFileURL(join(folderWithModel(), 'leaky model.grim'));
  vi.stubGlobal('process', undefined);
  expect(await refusalOf(url)).toBe(`${url.href}: cannot be read: fetch failed`);
});

test('what is not there is named', async () => {
  const missing = pathToFileURL(join(folderWithModel(), 'missing.grim'));
  expect(await refusalOf(missing)).toMatch(`${missing.href}: cannot be read: ENOENT`);
  const served = new URL('/missing.grim', await serverWithModel());
  expect(await refusalOf(served)).toBe(`${served.href}: cannot be fetched, the status is 404`);
  const nobody = new URL('http://127.0.0.1:1/leaky.grim');
  expect(await refusalOf(nobody)).toMatch(/^http:\/\/127.0.0.1:1\/leaky.grim: cannot be read: \S/);
});

test('a damaged file is named by its URL, a data: URL without its data', async () => {
  const data = new URL('data:application/octet-stream;base64,AAAAAAAAAAA=');
  expect(await refusalOf(data)).toMatch(/^data: URL: \S/);
});

test('what is neither bytes nor a URL is refused', async () => {
  const path: unknown = 'leaky.grim';
  expect(await refusalOf(path as URL)).toBe(
    'a model is loaded from a Uint8Array, an ArrayBuffer or a URL object, got String',
  );
});
