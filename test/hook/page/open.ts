/** A page in Chromium with the hook in it or without, and Go programs of the fixture store to run there. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { type Browser, launch } from '../../../tools/browser.mjs';
import { serve } from '../../../tools/serve.mjs';
import { openFixture } from '../../fixtures/open';
import { wasmExec } from '../../fixtures/wasm-exec';

const root = process.env.GOWASM_ROOT ?? '.';
const PROGRAM = 'go1.27/judge-stripped';

/** @returns the minified hook as it is shipped, and the files it is made of */
export function bundleHook(): { text: string; inputs: string[] } {
  return bundle('src/hook/hook.ts');
}

/** @returns the minified recorder as it is shipped, and the files it is made of */
export function bundleRecorder(): { text: string; inputs: string[] } {
  return bundle('src/hook/record/record.ts');
}

/** @returns minified what answers questions about handles, as it is shipped, and the files it is made of */
export function bundleHandles(): { text: string; inputs: string[] } {
  return bundle('src/hook/handles/handles.ts');
}

function bundle(entry: string): { text: string; inputs: string[] } {
  const built = buildSync({
    absWorkingDir: root,
    entryPoints: [entry],
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    platform: 'browser',
    target: 'chrome148',
    format: 'iife',
  });
  return { text: built.outputFiles[0].text, inputs: Object.keys(built.metafile.inputs) };
}

export type Page = Awaited<ReturnType<Browser['openPage']>>;
/**
 * What is in a page besides its own: nothing, the hook, hook and recorder as where a panel has ended to record, or both while it records, or
 * while it watches who makes handles.
 */
export type Beside = 'nothing' | 'hook' | 'recorder' | 'recording' | 'watching';
/** Opens the page of `pages` at a path. */
export type Open = (path: string, beside: Beside) => Promise<Page>;

/** Runs a test in a browser of its own, against a server with the Go program at /main.wasm. */
export async function withPages(test: (open: Open) => Promise<void>): Promise<void> {
  const scripts = { hook: bundleHook().text, recorder: bundleRecorder().text };
  const content = bundle('test/hook/page/content.ts').text;
  const recording = bundle('test/hook/page/recording.ts').text;
  const idle = bundle('test/hook/page/idle.ts').text;
  const watching = bundle('test/hook/page/watching.ts').text;
  const asking = bundle('test/hook/page/asking.ts').text;
  const file = (name: string) => readFileSync(join(root, 'test/hook/page', name));
  const site = await serve({
    overrides: {
      '/natives': { type: 'text/html', body: '<script src="/natives.js"></script>' },
      '/natives.js': { body: file('natives.js') },
      '/link': { type: 'text/html', body: '<script src="/link.js"></script>' },
      '/link.js': { body: bundle('test/hook/page/link.ts').text },
      '/program': {
        type: 'text/html',
        body: '<script src="/wasm_exec.js"></script><script src="/program.js"></script>',
      },
      '/program.js': { body: file('program.js') },
      '/wasm_exec.js': { body: wasmExec(PROGRAM)?.text() ?? '' },
      '/bundled': { type: 'text/html', body: '' },
      '/bundled.js': { body: readFileSync(join(root, 'node_modules/esbuild-wasm/esm/browser.min.js')) },
      '/bundled.wasm': { body: readFileSync(join(root, 'node_modules/esbuild-wasm/esbuild.wasm')) },
      '/main.wasm': { type: 'application/wasm', body: openFixture(PROGRAM) },
    },
  });
  const browser = await launch({ extension: null });
  try {
    await test((path, beside) =>
      browser.openPage(site.origin + path, {
        prepare: async (session) => {
          if (beside === 'nothing') return;
          const sources = [scripts.hook, content];
          if (beside !== 'hook') sources.push(scripts.recorder);
          if (beside === 'recorder') sources.push(idle);
          if (beside === 'recording') sources.push(recording);
          if (beside === 'watching') sources.push(watching, asking);
          for (const source of sources) await session.send('Page.addScriptToEvaluateOnNewDocument', { source });
        },
      }),
    );
  } finally {
    await browser.close();
    await site.close();
  }
}
