// A folder over HTTP on this machine only, for the demo, the tests and the panel's preview.
import { createReadStream, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize, sep } from 'node:path';

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.go': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
};

/**
 * @typedef {{ status?: number, type?: string, headers?: Record<string, string>, body: string | Uint8Array }} Reply
 * @typedef {Reply | ((request: import('node:http').IncomingMessage) => Reply | Promise<Reply>)} Override
 */

/**
 * Files of different places as overrides for `serve`, read anew at each request.
 * @param {Map<string, { file: string, type: string, encoding?: string }>} files by URL path; `encoding`: as it is stored
 * @returns {Record<string, Override>}
 */
export const filesAt = (files) =>
  Object.fromEntries(
    [...files].map(([path, { file, type, encoding }]) => [
      path,
      () => ({ type, headers: encoding ? { 'content-encoding': encoding } : {}, body: readFileSync(file) }),
    ]),
  );

/**
 * Serves a folder. A file that exists only as `x.br` or `x.gz` is sent with that content encoding.
 * @param {{ folder?: string, overrides?: Record<string, Override>, port?: number }} options `overrides`: by path, e.g.
 *   `/strict.html`; they win over files
 * @returns {Promise<{ origin: string, port: number, requests: string[], close(): Promise<void> }>} `origin` without a slash
 *   at the end; `requests`: paths asked for, in order
 */
export async function serve({ folder, overrides = {}, port = 0 }) {
  /** @type {string[]} */
  const requests = [];
  const server = createServer(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname);
    requests.push(path);
    try {
      const override = overrides[path];
      if (override) return send(response, path, typeof override === 'function' ? await override(request) : override);
    } catch (error) {
      return send(response, path, { status: 500, type: 'text/plain', body: String(error) });
    }
    const file = folder && findFile(folder, path);
    // Browsers ask for it when they like; a 404 would stand in the console of some loads and not of others.
    if (!file && path === '/favicon.ico') return send(response, path, { status: 204, type: 'image/x-icon', body: '' });
    if (!file) return send(response, path, { status: 404, type: 'text/plain', body: 'not found' });
    response.writeHead(200, { ...file.headers, 'content-type': typeOf(file.name) });
    createReadStream(file.path).pipe(response);
  });
  await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(undefined));
  });
  const address = /** @type {import('node:net').AddressInfo} */ (server.address());
  return {
    origin: `http://127.0.0.1:${address.port}`,
    port: address.port,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** @param {import('node:http').ServerResponse} response @param {string} path @param {Reply} reply */
function send(response, path, { status = 200, type = typeOf(path), headers = {}, body }) {
  response.writeHead(status, { 'content-type': type, ...headers });
  response.end(body);
}

/** @param {string} path */
const typeOf = (path) => TYPES[/** @type {keyof typeof TYPES} */ (extname(path))] ?? 'application/octet-stream';

/** @param {string} folder @param {string} path @returns {{ path: string, name: string, headers: Record<string, string> } | null} */
function findFile(folder, path) {
  const base = normalize(folder);
  const name = join(base, path.endsWith('/') ? `${path}index.html` : path);
  if (!name.startsWith(base.endsWith(sep) ? base : base + sep)) return null;
  for (const [suffix, encoding] of [
    ['', ''],
    ['.br', 'br'],
    ['.gz', 'gzip'],
  ]) {
    if (statSync(name + suffix, { throwIfNoEntry: false })?.isFile()) {
      return { path: name + suffix, name, headers: encoding ? { 'content-encoding': encoding } : {} };
    }
  }
  return null;
}
