import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A page that is served until it is closed. */
export interface ServedPage {
  /** Address of the page, on this machine only. */
  readonly url: string;
  readonly close: () => void;
}

/** What makes a page cross-origin isolated, so that its workers may share memory. */
export const isolationHeaders: Readonly<Record<string, string>> = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
};

/**
 * Serves an empty page that loads one module, with files beside it.
 *
 * @param files - contents by path, such as `/model.grim`; `/main.js` is the module of the page
 * @param headers - of every response, such as {@link isolationHeaders}
 */
export async function servePage(
  files: Readonly<Record<string, string | Uint8Array>>,
  headers: Readonly<Record<string, string>> = {},
): Promise<ServedPage> {
  const page = '<!doctype html><title>GRIM</title><script type="module" src="/main.js"></script>';
  const server = createServer((request, response) => {
    const path = request.url ?? '/';
    const content = path === '/' ? page : files[path];
    const type =
      path === '/' ? 'text/html' : path.endsWith('.js') ? 'text/javascript' : 'application/octet-stream';
    response.writeHead(content === undefined ? 404 : 200, { ...headers, 'content-type': type });
    response.end(content);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
