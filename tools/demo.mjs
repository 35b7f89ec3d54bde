// The demo program: what a server serves of it, and its build.
//   node tools/demo.mjs            builds demo/main.wasm.br
//   node tools/demo.mjs --verify   builds and compares with the stored one
//   node tools/demo.mjs --dev      builds one with names into .build/demo/dev.wasm, stores nothing
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';
import { explain, findGo, Missing, root } from './ensure.mjs';

const demo = join(root, 'demo');
const stored = join(demo, 'main.wasm.br');
const TOOLCHAIN = 'go1.26.11';
const TYPES = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  json: 'application/json',
  go: 'text/plain; charset=utf-8',
};

/**
 * What a server serves, read anew at each call.
 * @returns {Map<string, {file: string, type: string, encoding?: 'br'}>} URL path to file; `encoding` is how the file
 * is compressed, to be sent as Content-Encoding or undone.
 */
export function demoFiles() {
  const files = new Map();
  const add = (url, file) => files.set(url, { file, type: TYPES[file.slice(file.lastIndexOf('.') + 1)] });
  add('/', join(demo, 'index.html'));
  for (const name of ['index.html', 'style.css', 'main.js', 'stations.json']) add(`/${name}`, join(demo, name));
  for (const file of goSources(demo)) add(`/${relative(demo, file).replaceAll(sep, '/')}`, file);
  // Go 1.21–1.23 carry this very text (16,687 bytes); its imports fit the modules of Go 1.21 to 1.27.
  add('/wasm_exec.js', join(root, 'node_modules/esbuild-wasm/wasm_exec.js'));
  files.set('/main.wasm', { file: stored, type: 'application/wasm', encoding: 'br' });
  return files;
}

function goSources(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return goSources(path);
    return entry.name.endsWith('.go') ? [path] : [];
  });
}

/** @param ldflags for the linker; @returns the module's bytes, the same on every machine */
function buildDemo(ldflags) {
  const go = findGo();
  if (!go) throw new Missing('Go is needed to build the demo (go.dev/dl), or set GO to the go command.');
  const folder = join(root, '.build', 'demo');
  mkdirSync(folder, { recursive: true });
  const out = join(folder, 'main.wasm');
  const env = { ...process.env, GOTOOLCHAIN: TOOLCHAIN, GOOS: 'js', GOARCH: 'wasm' };
  // Whatever the user has set for other programs must not change this one.
  for (const name of ['GOFLAGS', 'GOEXPERIMENT', 'GOWASM']) env[name] = '';
  env.GOWORK = 'off';
  const args = ['build', '-trimpath', '-buildvcs=false', `-ldflags=${ldflags}`, '-o', out, '.'];
  try {
    execFileSync(go, args, { cwd: demo, env, stdio: ['ignore', 'inherit', 'inherit'] });
  } catch {
    throw new Missing(`The demo could not be built with ${TOOLCHAIN}: see above.`);
  }
  return readFileSync(out);
}

function main(option) {
  if (option === '--dev') {
    const dev = join(root, '.build', 'demo', 'dev.wasm');
    const bytes = buildDemo('');
    writeFileSync(dev, bytes);
    console.log(`${relative(root, dev)}: ${bytes.length} bytes`);
    return 0;
  }
  if (option !== undefined && option !== '--verify') throw new Missing(`demo.mjs: unknown option ${option}`);
  const bytes = buildDemo('-s -w');
  if (option === '--verify') {
    const same = existsSync(stored) && bytes.equals(brotliDecompressSync(readFileSync(stored)));
    console.log(
      `${relative(root, stored)} ${same ? 'is what its sources build' : 'differs from what its sources build'}`,
    );
    return same ? 0 : 1;
  }
  const params = { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length, [constants.BROTLI_PARAM_LGWIN]: 24 };
  const compressed = brotliCompressSync(bytes, { params });
  writeFileSync(stored, compressed);
  console.log(`${relative(root, stored)}: ${bytes.length} bytes, ${compressed.length} compressed`);
  return 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    process.exitCode = main(process.argv[2]);
  } catch (error) {
    explain(error);
  }
}
