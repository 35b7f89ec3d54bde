// npm run bench: every figure the project promises, measured in one run; exit 1 when one is not met.
//   npm run bench -- --json            for machines
//   npm run bench -- --only open       figures whose name contains this word; may be given more than once
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureChromium, ensureNode, ensurePackages, explain, root } from './ensure.mjs';

try {
  ensureNode();
  ensurePackages();
  process.env.CHROME_PATH = ensureChromium();
  process.env.GOWASM_ROOT = root;
  const { build, bundleTests } = await import('./bundle.mjs');
  await build();
  const out = join(root, '.build', `bench-${process.pid}`);
  mkdirSync(out, { recursive: true });
  process.once('exit', () => rmSync(out, { recursive: true, force: true }));
  const [entry] = await bundleTests(
    ['bench/main.ts', 'bench/fresh.ts', 'bench/runner.ts', 'test/judge/record-run.ts'],
    out,
  );
  const { main } = await import(pathToFileURL(entry).href);
  process.exit(await main(process.argv.slice(2)));
} catch (error) {
  explain(error);
}
