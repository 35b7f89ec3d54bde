// Every bundle of the project, made by esbuild. Runs after npm packages are there.
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, join, relative, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as esbuild from 'esbuild';
import { root } from './ensure.mjs';
import { zip } from './zip.mjs';

const dist = join(root, 'dist');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const shared = {
  absWorkingDir: root,
  bundle: true,
  logLevel: 'warning',
  legalComments: 'inline',
  define: { 'process.env.GOWASM_VERSION': JSON.stringify(version) },
};

/** Builds dist/ from nothing. Parts whose sources do not exist yet are left out. */
export async function build() {
  // Built aside and then put in place, so that nobody meets half of it.
  const fresh = join(root, '.build', `dist-${process.pid}`);
  mkdirSync(fresh, { recursive: true });
  try {
    const extension = join(fresh, 'extension');
    await Promise.all([buildCli(join(fresh, 'gowasm.js')), buildExtension(extension)]);
    writeFileSync(join(fresh, 'gowasm-devtools.zip'), zip(filesIn(extension)));
    rmSync(dist, { recursive: true, force: true });
    renameSync(fresh, dist);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

/** @returns every file of a folder as [path with slashes, bytes], sorted */
function filesIn(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => [relative(folder, path).replaceAll(sep, '/'), readFileSync(path)])
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

async function buildCli(outfile) {
  const entry = 'src/cli/main.ts';
  if (!existsSync(join(root, entry))) return;
  await esbuild.build({
    ...shared,
    entryPoints: [entry],
    outfile,
    platform: 'node',
    target: 'node20.20',
    // A file alone in an empty folder has no package.json, so it must be CommonJS; nor may ours say "type": "module".
    format: 'cjs',
    banner: { js: '#!/usr/bin/env node' },
  });
  chmodSync(outfile, 0o755);
}

/**
 * @param {string} out folder to fill with the unpacked extension
 * @param {Record<string, string>} [instead] other sources for some scripts, by name, for tests of single parts
 */
export async function buildExtension(out, instead = {}) {
  mkdirSync(out, { recursive: true });
  const browser = { ...shared, platform: 'browser', target: 'chrome148', minify: true };
  const scripts = {
    hook: 'src/hook/hook.ts',
    record: 'src/hook/record/record.ts',
    handles: 'src/hook/handles/handles.ts',
    content: 'src/extension/content.ts',
    worker: 'src/extension/worker.ts',
    devtools: 'panels/devtools.ts',
    panel: 'panels/panel.tsx',
    'session.worker': 'panels/session.worker.ts',
    'sourcemap.worker': 'panels/sourcemap/sourcemap.worker.ts',
    ...instead,
  };
  await Promise.all(
    Object.entries(scripts)
      .filter(([, entry]) => existsSync(join(root, entry)))
      .map(([name, entry]) =>
        esbuild.build({
          ...browser,
          entryPoints: [entry],
          outfile: join(out, `${name}.js`),
          format: 'iife',
          // The survey takes the value of a content script's last expression (REALM of src/protocol/messages.ts).
          ...(name === 'content' ? { footer: { js: 'gowasmRealm();' } } : {}),
          jsx: 'automatic',
          jsxImportSource: 'preact',
        }),
      ),
  );
  for (const page of ['panels/devtools.html', 'panels/panel.html']) {
    if (existsSync(join(root, page))) cpSync(join(root, page), join(out, basename(page)));
  }
  await esbuild.build({ ...browser, entryPoints: ['panels/panel.css'], outfile: join(out, 'panel.css') });
  if (existsSync(join(root, 'panels/icons')))
    cpSync(join(root, 'panels/icons'), join(out, 'icons'), { recursive: true });
  const manifest = JSON.parse(readFileSync(join(root, 'manifest.json'), 'utf8'));
  writeFileSync(join(out, 'manifest.json'), `${JSON.stringify({ ...manifest, version }, null, 2)}\n`);
}

/** The scripts of this folder ask where they lie, so tests import them from there. */
const toolsStay = {
  name: 'tools stay',
  setup(bundle) {
    bundle.onResolve({ filter: /\/tools\/[^/]+\.mjs$/ }, ({ path, resolveDir }) => ({
      path: pathToFileURL(resolve(resolveDir, path)).href,
      external: true,
    }));
  },
};

/**
 * Bundles test files, one module each, for node:test.
 * @param files paths from the root; @returns paths of the bundles, in order
 */
export async function bundleTests(files, outdir) {
  await esbuild.build({
    ...shared,
    entryPoints: Object.fromEntries(files.map((file) => [file.replace(/\.tsx?$/, '').replaceAll('/', '.'), file])),
    outdir,
    outExtension: { '.js': '.mjs' },
    platform: 'node',
    target: 'node20.20',
    format: 'esm',
    packages: 'external',
    plugins: [toolsStay],
    sourcemap: 'inline',
    jsx: 'automatic',
    jsxImportSource: 'preact',
  });
  return files.map((file) => join(outdir, `${file.replace(/\.tsx?$/, '').replaceAll('/', '.')}.mjs`));
}
