/** The streams of real Chromium: they inflate and refuse what Node's do, and also what has more behind its end. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inflateRawSync } from 'node:zlib';
import { buildSync } from 'esbuild';
import { evaluate, launch } from '../../tools/browser.mjs';
import { serve } from '../../tools/serve.mjs';
import { BAD, GOOD, TEXT, TRAILED } from './deflated';

const { text: script } = buildSync({
  absWorkingDir: process.env.GOWASM_ROOT ?? '.',
  entryPoints: ['src/memory/streams.ts'],
  ...{ bundle: true, write: false, platform: 'browser', target: 'chrome148', format: 'iife', globalName: 'streams' },
}).outputFiles[0];

test('what is DEFLATE is inflated, what is none is null', { timeout: 60_000 }, async () => {
  const site = await serve({ overrides: { '/': { type: 'text/html', body: `<script>${script}</script>` } } });
  const browser = await launch({ extension: null });
  try {
    const { session } = await browser.openPage(`${site.origin}/`);
    const call = (work: string, bytes: Uint8Array): Promise<string | null> =>
      evaluate(
        session,
        `(async (text) => {
          const bytes = Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
          const out = await ${work};
          let binary = '';
          for (let at = 0; out && at < out.length; at += 4096) binary += String.fromCharCode(...out.subarray(at, at + 4096));
          return out && btoa(binary);
        })('${Buffer.from(bytes).toString('base64')}')`,
      );
    for (const [name, deflated, size] of GOOD) {
      const out = await call(`streams.inflate(bytes, ${size})`, deflated);
      assert.ok(out && Buffer.from(out, 'base64').equals(TEXT), name);
    }
    for (const [name, deflated, size] of [...BAD, TRAILED]) {
      assert.equal(await call(`streams.inflate(bytes, ${size})`, deflated), null, name);
    }
    const deflated = await call('streams.deflate(bytes)', TEXT);
    assert.ok(deflated && inflateRawSync(Buffer.from(deflated, 'base64')).equals(TEXT));
  } finally {
    await browser.close();
    await site.close();
  }
});
