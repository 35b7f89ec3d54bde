// Builds the Go test binaries into test/fixtures/store, with each Go release, from test/fixtures/programs.
//   npm run fixtures                     builds all that this machine can
//   npm run fixtures -- --verify         builds and compares with the stored hashes; exit 1 on a difference
//   npm run fixtures -- --only 1.27      one release, or any word in the name: --only wasmopt
//   npm run fixtures -- --only listing   the stored listings of the compiler (test/fixtures/listings)
//   npm run fixtures -- --judge          builds the flavours of the judge program and the releases of the other programs that the
//                                        store has no room for, holds our answers for them against Go's as npm test does for
//                                        the stored ones, keeps nothing
//   npm run fixtures -- --symbolizer     asks llvm-symbolizer about the stored modules with DWARF, stores its answers; with
//                                        --verify it compares; exit 1 on a difference
//   npm run fixtures -- --syscall-js     runs Go's own tests of syscall/js, recorded and not, with each release
//   npm run fixtures -- --dwarf          has LLVM's tools judge the DWARF that we write, and stores what they say
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';
import { ensureNode, ensurePackages, explain, findGo, Missing, root } from './ensure.mjs';
import { buildFixture } from './fixtures/build.mjs';
import { judge as askSymbolizer, DWARF } from './fixtures/dwarf.mjs';
import { buildListing } from './fixtures/listing.mjs';
import { buildOther, OTHERS } from './fixtures/other.mjs';
import { listings, recipes, unstored } from './fixtures/recipes.mjs';
import { judgeSyscallJs } from './fixtures/syscall-js.mjs';

async function main() {
  const { values } = parseArgs({
    options: {
      verify: { type: 'boolean' },
      judge: { type: 'boolean' },
      symbolizer: { type: 'boolean' },
      dwarf: { type: 'boolean' },
      'syscall-js': { type: 'boolean' },
      only: { type: 'string', default: '' },
    },
  });
  if (values.symbolizer) return symbolizer(values);
  const { verify, judge } = values;
  const store = join(root, judge ? '.build/judge' : 'test/fixtures/store');
  const all = judge ? unstored() : [...recipes(), ...OTHERS, ...DWARF];
  ensureNode();
  ensurePackages();
  if (values.dwarf) return judgeDwarf();
  const go = findGo();
  if (!go) throw new Missing('No go command found: install Go (go.dev/dl) or set GO.');
  if (values['syscall-js']) return judgeRecorder(go, values.only);
  if (judge) rmSync(store, { recursive: true, force: true });
  const shelf = openStore(store, all);
  const chosen = all.filter(({ name }) => name.includes(values.only));
  const listed = judge ? [] : listings().filter(({ name }) => `${name} listing`.includes(values.only));
  if (chosen.length + listed.length === 0) throw new Missing(`No fixture is called ${values.only}.`);
  const counts = {};
  for (const recipe of chosen) {
    const built = recipe.make ? buildOther(recipe) : buildFixture(recipe, go);
    const failed = typeof built === 'string';
    const outcome = failed ? 'not built' : (verify ? compare : keep)(recipe, built, shelf);
    counts[outcome] = (counts[outcome] ?? 0) + 1;
    console.log(
      recipe.name.padEnd(28),
      String(failed ? '' : built.length).padStart(9),
      outcome,
      failed ? `(${built})` : '',
    );
  }
  for (const each of listed) {
    const text = await buildListing(each, go);
    const failed = typeof text === 'string';
    const outcome = failed ? 'not built' : (verify ? compareListing : keepListing)(each.name, text);
    counts[outcome] = (counts[outcome] ?? 0) + 1;
    console.log(
      `${each.name} listing`.padEnd(28),
      String(failed ? '' : text.length).padStart(9),
      outcome,
      failed ? `(${text})` : '',
    );
  }
  console.log(
    Object.entries(counts)
      .map(([word, count]) => `${count} ${word}`)
      .join(', '),
  );
  process.exitCode = counts.DIFFERS ? 1 : 0;
  // A flavour that was not built was not judged.
  if (judge) {
    const programs = new Set(chosen.map(({ program }) => program));
    process.exitCode = judged(store, programs) || (counts['not built'] ? 1 : 0);
  }
}

/** Holds the stored answers about DWARF against the judge, or stores them anew. */
function symbolizer({ verify, only }) {
  for (const recipe of DWARF.filter(({ name }) => name.includes(only))) {
    const packed = readFileSync(join(root, 'test/fixtures/store', `${recipe.name}.wasm.br`));
    const outcome = askSymbolizer(recipe, packed, verify);
    console.log(recipe.name.padEnd(28), outcome);
    if (outcome !== 'same' && outcome !== 'stored') process.exitCode = 1;
  }
}

/** Has Go's tests say whether a program behaves as ever while it is recorded (test/judge/record-run.ts). */
async function judgeRecorder(go, only) {
  const { bundleTests } = await import('./bundle.mjs');
  const out = join(root, '.build/syscall-js');
  const [runner] = await bundleTests(['test/judge/record-run.ts'], out);
  try {
    if (!judgeSyscallJs(runner, go, only)) process.exitCode = 1;
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

/** Asks LLVM (test/dwarfgen/llvm.ts). */
async function judgeDwarf() {
  const { bundleTests } = await import('./bundle.mjs');
  const out = join(root, '.build/dwarf');
  const [script] = await bundleTests(['test/dwarfgen/llvm.ts'], out);
  process.env.GOWASM_ROOT = root;
  try {
    const written = (await import(pathToFileURL(script).href)).judge();
    const biome = join(root, 'node_modules/@biomejs/biome/bin/biome');
    spawnSync(process.execPath, [biome, 'format', '--write', written], { cwd: root, stdio: 'inherit' });
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

/** Which tests judge the programs that are not stored, by program. */
const JUDGES = {
  judge: ['judge/stacks'],
  bridge: ['judge/bridge'],
  state: ['judge/state'],
  funcs: ['judge/funcs'],
  handles: ['test/handles/program', 'test/handles/judge'],
};

/** Runs the judges of these programs on a store of its own, and removes it. @returns the exit code */
function judged(store, programs) {
  const env = { ...process.env, GOWASM_FIXTURES: store };
  const tests = [...programs].flatMap((program) => JUDGES[program]);
  const { status } = spawnSync(process.execPath, [join(root, 'tools/test.mjs'), ...tests], { env, stdio: 'inherit' });
  rmSync(store, { recursive: true, force: true });
  return status ?? 1;
}

/** What stands in a store. @param all recipes, in the order of the index */
function openStore(folder, all) {
  const file = join(folder, 'index.json');
  const index = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
  return { folder, file, index, order: all.map(({ name }) => name) };
}

function compare(recipe, bytes, { index }) {
  return index[recipe.name]?.sha256 === sha256(bytes) ? 'same' : 'DIFFERS';
}

function keep(recipe, bytes, shelf) {
  const { index, order } = shelf;
  const file = join(shelf.folder, `${recipe.name}.wasm.br`);
  if (existsSync(file) && compare(recipe, bytes, shelf) === 'same') return 'same';
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
  const entries = Object.entries(index).filter(([name]) => order.includes(name));
  entries.sort(([a], [b]) => order.indexOf(a) - order.indexOf(b));
  writeFileSync(shelf.file, `${JSON.stringify(Object.fromEntries(entries), null, 2)}\n`);
  return 'stored';
}

const listingFile = (name) => join(root, 'test/fixtures/listings', `${name.replace('/', '-')}.txt.br`);

function compareListing(name, text) {
  const file = listingFile(name);
  return existsSync(file) && brotliDecompressSync(readFileSync(file)).equals(text) ? 'same' : 'DIFFERS';
}

function keepListing(name, text) {
  if (compareListing(name, text) === 'same') return 'same';
  mkdirSync(dirname(listingFile(name)), { recursive: true });
  writeFileSync(listingFile(name), pack(text));
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
  await main();
} catch (error) {
  explain(error);
}
