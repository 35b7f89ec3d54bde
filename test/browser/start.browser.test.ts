/** `npm start` where there is no display: prints the panel's stack, leaves a picture, ends by itself. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { pngSize } from '../../tools/browser.mjs';

const root = process.env.GOWASM_ROOT ?? '';
const start = (...args: string[]) =>
  promisify(execFile)(process.execPath, ['tools/start.mjs', ...args], { cwd: root, timeout: 120_000 });

test('headless it prints the Go stack with file and line, and a picture of DevTools', async () => {
  const { stdout } = await start('--headless');
  assert.match(stdout, /^panic: assignment to entry in nil map/);
  const places = stdout.match(/^ {4}\S+\.(go|s):\d+/gm) ?? [];
  assert.ok(places.length >= 8, stdout);
  assert.ok(places.filter((place) => /example\.com\/demo\/\w+\.go:\d+/.test(place)).length >= 2, stdout);
  const [, picture] = /^Screenshot: (.+)$/m.exec(stdout) ?? [];
  const { width, height } = pngSize(join(root, picture));
  assert.ok(width >= 800 && height >= 500, `${width} × ${height}`);
});

test('an option it does not know ends it with one line', async () => {
  await assert.rejects(start('--headles'), { code: 2, stderr: 'npm start: unknown option --headles\n' });
});
