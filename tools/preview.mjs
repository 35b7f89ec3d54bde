// The panel in a plain page with made-up data, for working on it without an extension:
//   node tools/preview.mjs [port]     then open the address it prints, with ?state=…&theme=dark&tab=overview

import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { brotliDecompressSync } from 'node:zlib';
import * as esbuild from 'esbuild';
import { root as own } from './ensure.mjs';
import { record } from './record.mjs';

// Bundled into a test this file lies elsewhere, and tests say where the project is.
const root = process.env.GOWASM_ROOT ?? own;

// The extension's own rules, so that what they forbid fails here too (manifest.json).
const CSP = "script-src 'self'; object-src 'self'; require-trusted-types-for 'script'";

/** @returns the files of the page by path */
async function bundle() {
  const shared = { absWorkingDir: root, bundle: true, write: false, logLevel: 'warning', target: 'chrome148' };
  const entry = 'test/panels/preview/preview.tsx';
  const [script, worker, style] = await Promise.all([
    esbuild.build({ ...shared, entryPoints: [entry], format: 'iife', jsx: 'automatic', jsxImportSource: 'preact' }),
    esbuild.build({ ...shared, entryPoints: ['test/panels/preview/session.worker.ts'], format: 'iife' }),
    esbuild.build({ ...shared, entryPoints: ['panels/panel.css'] }),
  ]);
  return {
    '/': ['text/html; charset=utf-8', readFileSync(join(root, 'panels/panel.html'))],
    '/panel.js': ['text/javascript; charset=utf-8', script.outputFiles[0].contents],
    '/session.worker.js': ['text/javascript; charset=utf-8', worker.outputFiles[0].contents],
    // Asked for by every browser; its absence would be an error in the console.
    '/favicon.ico': ['image/x-icon', ''],
    // A real program, for what made-up data cannot show.
    '/main.wasm': ['application/wasm', brotliDecompressSync(readFileSync(join(root, 'demo/main.wasm.br')))],
    '/panel.css': ['text/css; charset=utf-8', style.outputFiles[0].contents],
  };
}

/** A real recording, of the program that judges our stacks. @param {Record<string, unknown[]>} files */
function recordOnce(files) {
  if (files['/judge.wasm']) return;
  const { program, recorded } = record('test/fixtures/store/go1.27/judge-stripped.wasm.br', ['callbacks']);
  files['/judge.wasm'] = ['application/wasm', program];
  files['/recorded.json'] = ['application/json', recorded];
}

/**
 * Serves the preview on 127.0.0.1. Bundled once per call.
 * @param port 0 for any free one
 */
export async function servePreview(port = 0) {
  const files = await bundle();
  const server = createServer((request, response) => {
    const path = request.url.replace(/\?.*/, '');
    // Made when first asked for: it runs a program.
    if (path === '/judge.wasm' || path === '/recorded.json') recordOnce(files);
    const [type, bytes] = files[path] ?? [];
    response.writeHead(type ? 200 : 404, { 'content-type': type ?? 'text/plain', 'content-security-policy': CSP });
    response.end(bytes);
  });
  await new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${server.address().port}/`, close: () => server.close() };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { url } = await servePreview(Number(process.argv[2] ?? 8123));
  console.log(`${url}?state=errors`);
}
