// Builds the Go test binaries into test/fixtures/store, with each Go release, from test/fixtures/programs.
//   npm run fixtures                     builds all that this machine can
//   npm run fixtures -- --verify         builds and compares with the stored hashes; exit 1 on a difference
//   npm run fixtures -- --only 1.27      one release, or any word in the name: --only wasmopt
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { brotliCompressSync, constants } from 'node:zlib';
import { ensureNode, ensurePackages, explain, findGo, Missing, root } from './ensure.mjs';
import { buildFixture } from './fixtures/build.mjs';
import { buildOther, OTHERS } from './fixtures/other.mjs';
import { recipes } from './fixtures/recipes.mjs';

const store = join(root, 'test/fixtures/store');
const indexFile = join(store, 'index.json');
const all = [...recipes(), ...OTHERS];

function main() {
  const { values } = parseArgs({ options: { verify: { type: 'boolean' }, only: { type: 'string', default: '' } } });
  ensureNode();
  ensurePackages();
  const go = findGo();
  if (!go) throw new Missing('No go command found: install Go (go.dev/dl) or set GO.');
  const index = existsSync(indexFile) ? JSON.parse(readFileSync(indexFile, 'utf8')) : {};
  const chosen = all.filter(({ name }) => name.includes(values.only));
  if (chosen.length === 0) throw new Missing(`No fixture is called ${values.only}.`);
  const counts = {};
  for (const recipe of chosen) {
    const built = recipe.make ? buildOther(recipe) : buildFixture(recipe, go);
    const failed = typeof built === 'string';
    const outcome = failed ? 'not built' : (values.verify ? compare : keep)(recipe, built, index);
    counts[outcome] = (counts[outcome] ?? 0) + 1;
    console.log(
      recipe.name.padEnd(28),
      String(failed ? '' : built.length).padStart(9),
      outcome,
      failed ? `(${built})` : '',
    );
  }
  console.log(
    Object.entries(counts)
      .map(([word, count]) => `${count} ${word}`)
      .join(', '),
  );
  process.exitCode = counts.DIFFERS ? 1 : 0;
}

function compare(recipe, bytes, index) {
  return index[recipe.name]?.sha256 === sha256(bytes) ? 'same' : 'DIFFERS';
}

function keep(recipe, bytes, index) {
  const file = join(store, `${recipe.name}.wasm.br`);
  if (existsSync(file) && compare(recipe, bytes, index) === 'same') return 'same';
  const packed = pack(bytes);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, packed);
  index[recipe.name] = {
    toolchain: recipe.make ? recipe.version : `go${recipe.version}`,
    target: recipe.os,
    flags: recipe.flags.join(' ') + (recipe.optimise ? ', wasm-opt -Os' : ''),
    sha256: sha256(bytes),
    size: bytes.length,
  };
  const order = all.map(({ name }) => name);
  const entries = Object.entries(index).filter(([name]) => order.includes(name));
  entries.sort(([a], [b]) => order.indexOf(a) - order.indexOf(b));
  writeFileSync(indexFile, `${JSON.stringify(Object.fromEntries(entries), null, 2)}\n`);
  return 'stored';
}

/** The largest window that every Brotli decoder takes. */
function pack(bytes) {
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: 11,
    [constants.BROTLI_PARAM_LGWIN]: 24,
    [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
  };
  return brotliCompressSync(bytes, { params });
}

function sha256(bytes) {
  return createHash('sha256').update(bytes).digest('hex');
}

try {
  main();
} catch (error) {
  explain(error);
}
