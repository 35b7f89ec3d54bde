// npm test: types, format and lint, unit tests, end-to-end tests in real Chromium. Ends with `N passed, N failed`.
//   npm test -- bytes wasm      only test files whose path contains one of these words (and no types or lint)
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { run } from 'node:test';
import { ensureChromium, ensureNode, ensurePackages, explain, root } from './ensure.mjs';

const words = process.argv.slice(2);
const counts = { passed: 0, failed: 0 };

try {
  ensureNode();
  ensurePackages();
  process.env.CHROME_PATH = ensureChromium();
  process.env.GOWASM_ROOT = root;
  if (words.length === 0) {
    check('types', 'typescript/bin/tsc', ['--noEmit']);
    check('format and lint', '@biomejs/biome/bin/biome', ['check', '--error-on-warnings', '.']);
  }
  const { build, bundleTests } = await import('./bundle.mjs');
  await build();
  const files = testFiles(join(root, 'test'))
    .map((file) => relative(root, file))
    .filter((file) => words.length === 0 || words.some((word) => file.includes(word)));
  // A folder of its own for each run, so that two may run side by side.
  const out = join(root, '.build', `test-${process.pid}`);
  mkdirSync(out, { recursive: true });
  process.once('exit', () => rmSync(out, { recursive: true, force: true }));
  const bundled = await bundleTests(files, out);
  // Browser tests take a core each: one at a time; the rest side by side.
  const browser = (file) => file.includes('browser');
  await runTests(
    bundled.filter((file) => !browser(file)),
    2,
  );
  await runTests(bundled.filter(browser), 1);
} catch (error) {
  explain(error);
}
console.log(`\n${counts.passed} passed, ${counts.failed} failed`);
process.exit(counts.failed > 0 || counts.passed === 0 ? 1 : 0);

function check(name, bin, args) {
  const done = spawnSync(process.execPath, [join(root, 'node_modules', bin), ...args], { cwd: root, stdio: 'inherit' });
  report(name, done.status === 0);
}

function report(name, ok, details = '') {
  counts[ok ? 'passed' : 'failed']++;
  console.log(`${ok ? 'ok  ' : 'FAIL'} ${name}${details ? `\n${details}` : ''}`);
}

function testFiles(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return testFiles(path);
    return /\.test\.tsx?$/.test(entry.name) ? [path] : [];
  });
}

/** Runs each file in a process of its own; counts leaf tests, and a file that dies as one failure. */
async function runTests(files, concurrency) {
  if (files.length === 0) return;
  const stream = run({ files, concurrency, timeout: 20 * 60_000 });
  for await (const event of stream) {
    const { data } = event;
    if (event.type === 'test:stdout' || event.type === 'test:stderr') process.stdout.write(data.message);
    if (event.type !== 'test:pass' && event.type !== 'test:fail') continue;
    const isFile = data.name.endsWith('.mjs') && files.some((file) => data.name === file || file.endsWith(data.name));
    const failed = event.type === 'test:fail';
    const error = data.details?.error;
    // A suite or a file that fails only because of its subtests has been counted already.
    if ((isFile || data.details?.type === 'suite') && (!failed || error?.failureType === 'subtestsFailed')) continue;
    report(`${data.name} (${Math.round(data.details?.duration_ms ?? 0)} ms)`, !failed, failed ? describe(error) : '');
  }
}

function describe(error) {
  const cause = error?.cause ?? error;
  return String(cause?.stack ?? cause?.message ?? cause).replace(/^/gm, '     ');
}
