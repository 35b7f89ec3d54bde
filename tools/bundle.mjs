// Every bundle of the project, made by esbuild. Runs after npm packages are there.
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import * as esbuild from 'esbuild';
import { root } from './ensure.mjs';

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
  rmSync(dist, { recursive: true, force: true });
  mkdirSync(dist, { recursive: true });
  await Promise.all([buildCli(), buildExtension()]);
}

async function buildCli() {
  const entry = 'src/cli/main.ts';
  if (!existsSync(join(root, entry))) return;
  const outfile = join(dist, 'gowasm.js');
  await esbuild.build({
    ...shared,
    entryPoints: [entry],
    outfile,
    platform: 'node',
    target: 'node20.20',
    // A file alone in an empty folder has no package.json, so it must be CommonJS.
    format: 'cjs',
    banner: { js: '#!/usr/bin/env node' },
  });
  chmodSync(outfile, 0o755);
}

async function buildExtension() {
  const out = join(dist, 'extension');
  if (!existsSync(join(root, 'manifest.json'))) return;
  mkdirSync(out, { recursive: true });
  const browser = { ...shared, platform: 'browser', target: 'chrome148', minify: true };
  const scripts = {
    hook: 'src/hook/hook.ts',
    content: 'src/extension/content.ts',
    worker: 'src/extension/worker.ts',
    devtools: 'src/extension/devtools.ts',
    panel: 'panels/panel.tsx',
    'session.worker': 'panels/session.worker.ts',
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
          jsx: 'automatic',
          jsxImportSource: 'preact',
        }),
      ),
  );
  for (const page of ['panels/devtools.html', 'panels/panel.html', 'panels/panel.css']) {
    if (existsSync(join(root, page))) cpSync(join(root, page), join(out, basename(page)));
  }
  if (existsSync(join(root, 'panels/icons')))
    cpSync(join(root, 'panels/icons'), join(out, 'icons'), { recursive: true });
  const manifest = JSON.parse(readFileSync(join(root, 'manifest.json'), 'utf8'));
  writeFileSync(join(out, 'manifest.json'), `${JSON.stringify({ ...manifest, version }, null, 2)}\n`);
}

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
    sourcemap: 'inline',
    jsx: 'automatic',
    jsxImportSource: 'preact',
  });
  return files.map((file) => join(outdir, `${file.replace(/\.tsx?$/, '').replaceAll('/', '.')}.mjs`));
}
