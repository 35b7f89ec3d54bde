// npm run build: dist/extension/ (unpacked), dist/gowasm.js (the CLI), dist/gowasm-devtools.zip.
import { ensureNode, ensurePackages, explain } from './ensure.mjs';

try {
  ensureNode();
  ensurePackages();
  const { build } = await import('./bundle.mjs');
  await build();
} catch (error) {
  explain(error);
}
