/**
 * The arrow: which room may import which, by type and at run time; npm packages at home; no browser in the core.
 * Reads source text only. What it allows is the whole table below; widen it in an issue, not in passing.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { test } from 'node:test';

const root = process.env.GOWASM_ROOT ?? '.';

/** What a room may import at run time: rooms, or single files of them. Its own files it always may. */
const MAY: Record<string, string[]> = {
  bytes: [],
  wasm: ['bytes'],
  go: ['bytes', 'wasm'],
  dwarf: ['bytes'],
  symbols: ['bytes', 'wasm', 'go', 'dwarf'],
  goroutines: ['bytes', 'go'],
  protocol: [],
  lines: ['bytes', 'wasm', 'go'],
  memory: ['bytes', 'protocol/handles', 'protocol/check-handles'],
  program: ['bytes', 'wasm', 'go', 'symbols', 'sourcemap', 'lines'],
  info: ['bytes', 'program', 'sourcemap'],
  functions: ['bytes', 'go', 'program'],
  sourcemap: ['bytes', 'wasm', 'go'],
  dwarfgen: ['bytes', 'wasm', 'go', 'dwarf/codes'],
  bridge: ['bytes', 'go', 'goroutines', 'protocol/binary', 'lines/fingerprint'],
  handles: [
    ...['bytes', 'go', 'goroutines', 'protocol/handles', 'lines/fingerprint', 'memory'],
    // What a recorder must know of a program, a watch must know too.
    'bridge/frames',
  ],
  'map-maker': ['bytes', 'program', 'sourcemap'],
  failures: ['go', 'symbols', 'goroutines'],
  session: ['bytes', 'go', 'info', 'program', 'failures', 'bridge', 'handles'],
  target: [],
  // The map is walked where the memory is: in the page.
  hook: ['protocol/handshake', 'protocol/handles', 'go/funcs-map'],
  extension: ['protocol'],
  node: ['bytes', 'protocol', 'hook', 'memory'],
  cli: [
    ...['bytes', 'go', 'symbols', 'program', 'info', 'functions', 'sourcemap', 'dwarfgen', 'lines'],
    ...['session', 'failures', 'node', 'bridge', 'handles'],
  ],
  panels: [
    ...[
      'protocol',
      'extension',
      'failures/place',
      'failures/report',
      'bytes/search',
      'bridge',
      'sourcemap/find',
      'sourcemap/sources',
    ],
  ],
};

/** What a room may know by type alone, and why that goes further than the table above. */
const TYPES: Record<string, [target: string, why: string][]> = {
  go: [
    ['symbols/frame', 'a frame is the answer of every reader that can name a place'],
    ['protocol/handles', 'how a map lies in memory is told to the page, which walks it with this room’s own walker'],
  ],
  symbols: [['program', 'one binary is handed in whole; who opens it is the program’s matter']],
  goroutines: [
    ['program', 'one binary is handed in whole'],
    ['symbols/frame', 'a frame is the answer of every reader that can name a place'],
  ],
  sourcemap: [
    ['program', 'one binary is handed in whole'],
    ['symbols/frame', 'a frame is the answer of every reader that can name a place'],
  ],
  dwarfgen: [
    ['program', 'one binary is handed in whole'],
    ['lines/exact', 'asks the program’s for places'],
    ['symbols/frame', 'a frame is the answer of every reader that can name a place'],
  ],
  lines: [
    ['program', 'one binary is handed in whole'],
    ['symbols/frame', 'a frame is the answer of every reader that can name a place'],
  ],
  'map-maker': [['go/buildinfo', 'hands on what it says of dependencies']],
  failures: [
    ['program', 'one binary is handed in whole'],
    ['protocol/messages', 'failures are told of what the hook says'],
  ],
  bridge: [
    ['protocol/recording', 'keeps what it says'],
    ['program', 'one binary is handed in whole'],
    ['symbols/frame', 'a frame is the answer of every reader that can name a place'],
  ],
  handles: [
    ['program', 'one binary is handed in whole'],
    ['symbols/frame', 'a frame is the answer of every reader that can name a place'],
  ],
  session: [['protocol/messages', 'takes the hook’s events']],
  target: [
    ['protocol/handles', 'carries questions about handles and orders to watch'],
    ['protocol/messages', 'carries the hook’s events'],
    ['protocol/recording', 'carries orders and batches'],
  ],
  hook: [
    ['protocol/binary', 'is told it'],
    ['protocol/messages', 'says them'],
    ['protocol/recording', 'says batches'],
  ],
  extension: [['target', 'is one']],
  panels: [
    ['failures/failure', 'shows them'],
    ['handles/api', 'asks it through a worker'],
    ['handles/view', 'shows it'],
    ['symbols/frame', 'shows them'],
    ['session', 'asks it through a worker'],
    ['map-maker', 'asks it through a worker'],
    ['target', 'listens to one'],
  ],
};

/** Single files that may do what their room may not. */
const FILES: Record<string, string[]> = {
  // The places where session and map maker are real and not asked through a channel.
  'panels/session.worker.ts': ['session'],
  'panels/sourcemap/sourcemap.worker.ts': ['map-maker'],
};

/** Each npm package and the only files that may import it; a folder stands for all of its files. */
const HOMES: Record<string, string[]> = {
  'webextension-polyfill': ['src/extension/browser.ts'],
  'pprof-format': ['src/bridge/pprof.ts'],
  preact: ['panels/'],
  'preact/hooks': ['panels/'],
  '@preact/signals': ['panels/'],
};

/** Rooms that run anywhere: no DOM, no extension, no Node. */
const CORE = [
  'bytes',
  'wasm',
  'go',
  'dwarf',
  'symbols',
  'goroutines',
  'failures',
  'program',
  'info',
  'functions',
  'sourcemap',
  'dwarfgen',
  'map-maker',
  'lines',
  'memory',
  'handles',
  'session',
  'target',
];
/** Rooms that may use Node's own modules. */
const NODE = ['cli', 'node'];
/** The handshake is made of DOM events: nothing else lies between two worlds of one document. */
const TOUCHES_DOM = ['src/protocol/handshake.ts'];

const HOST_NAMES = [
  ...['window', 'document', 'navigator', 'location', 'localStorage', 'sessionStorage', 'indexedDB', 'history'],
  ...['fetch', 'XMLHttpRequest', 'MutationObserver', 'requestAnimationFrame', 'HTMLElement', 'Element'],
  ...['Worker', 'MessageChannel', 'postMessage', 'addEventListener', 'alert'],
  ...['chrome', 'browser', 'process', 'Buffer', 'require', '__dirname', 'console'],
  ...['setTimeout', 'setInterval', 'queueMicrotask'],
];

interface Import {
  from: string;
  /** `bytes/reader` for our files, the specifier for packages. */
  to: string;
  typeOnly: boolean;
  isPackage: boolean;
}

const files = [...sources(join(root, 'src')), ...sources(join(root, 'panels'))].map((path) => ({
  path: relative(root, path).replaceAll('\\', '/'),
  text: readFileSync(path, 'utf8'),
}));
const imports = files.flatMap(({ path, text }) => importsOf(path, text));

function sources(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => join(folder, name));
}

/** Every import and re-export, `import()` also in types. Sources are formatted, so that a statement starts its line. */
function importsOf(from: string, source: string): Import[] {
  const found: Import[] = [];
  const statement = /^(?:import|export)\s(?:(type)\s)?(?:[^;'"]*?\sfrom\s+)?['"]([^'"]+)['"]/gm;
  const dynamic = /\bimport\(\s*['"]([^'"]+)['"]\s*\)/g;
  for (const [, type, name] of source.matchAll(statement)) found.push(imported(from, name, type === 'type'));
  for (const [, name] of source.matchAll(dynamic)) found.push(imported(from, name, false));
  return found;
}

function imported(from: string, name: string, typeOnly: boolean): Import {
  if (!name.startsWith('.')) return { from, to: name, typeOnly, isPackage: true };
  const path = relative(resolve(root), resolve(root, dirname(from), name)).replaceAll('\\', '/');
  return { from, to: path.replace(/^src\//, '').replace(/\.tsx?$/, ''), typeOnly, isPackage: false };
}

/** `bytes` of `src/bytes/reader.ts` and of `bytes/reader`; `session` of `src/session.ts`. */
function roomOf(path: string): string {
  return path
    .replace(/^src\//, '')
    .replace(/\.tsx?$/, '')
    .split('/')[0];
}

function allows(list: string[], to: string): boolean {
  return list.some((one) => to === one || to.startsWith(`${one}/`));
}

const between = imports.filter((one) => !one.isPackage && roomOf(one.from) !== roomOf(one.to));

test('every import between rooms is in the table', () => {
  const wrong = between.filter(({ from, to, typeOnly }) => {
    const room = roomOf(from);
    const types = (TYPES[room] ?? []).map(([target]) => target);
    return !allows([...(MAY[room] ?? []), ...(FILES[from] ?? []), ...(typeOnly ? types : [])], to);
  });
  assert.deepEqual(
    wrong.map(({ from, to, typeOnly }) => `${from} imports ${typeOnly ? 'type ' : ''}${to}`),
    [],
  );
  assert.ok(between.length > 80, `${between.length} imports between rooms seen`);
});

test('every room is in the table', () => {
  const rooms = new Set(files.map(({ path }) => roomOf(path)));
  assert.deepEqual(
    [...rooms].filter((room) => !(room in MAY)),
    [],
  );
});

test('no allowance is left over: each one is used', () => {
  const used = (room: string, target: string, typeOnly: boolean) =>
    between.some((one) => roomOf(one.from) === room && one.typeOnly === typeOnly && allows([target], one.to));
  const idleTypes = Object.entries(TYPES).flatMap(([room, targets]) =>
    targets.filter(([target]) => !used(room, target, true)).map(([target]) => `${room} → type ${target}`),
  );
  const idle = Object.entries(MAY).flatMap(([room, targets]) =>
    targets.filter((target) => !used(room, target, false) && !used(room, target, true)).map((to) => `${room} → ${to}`),
  );
  assert.deepEqual([...idle, ...idleTypes], []);
});

test('rooms do not import each other in a circle at run time', () => {
  const next = new Map<string, Set<string>>();
  for (const { from, to, typeOnly } of between) {
    if (typeOnly) continue;
    const targets = next.get(roomOf(from)) ?? new Set();
    next.set(roomOf(from), targets.add(roomOf(to)));
  }
  const done = new Set<string>();
  const walk = (room: string, path: string[]): string[] | null => {
    if (path.includes(room)) return [...path.slice(path.indexOf(room)), room];
    if (done.has(room)) return null;
    for (const target of next.get(room) ?? []) {
      const circle = walk(target, [...path, room]);
      if (circle) return circle;
    }
    done.add(room);
    return null;
  };
  for (const room of next.keys()) assert.equal(walk(room, [])?.join(' → '), undefined);
});

test('files within a room do not import each other in a circle at run time', () => {
  const next = new Map<string, string[]>();
  for (const { from, to, typeOnly, isPackage } of imports) {
    if (isPackage || typeOnly) continue;
    const file = from.replace(/^src\//, '').replace(/\.tsx?$/, '');
    next.set(file, [...(next.get(file) ?? []), to]);
  }
  const state = new Map<string, 'open' | 'done'>();
  const circles: string[] = [];
  const walk = (file: string, path: string[]): void => {
    if (state.get(file) === 'open') circles.push([...path.slice(path.indexOf(file)), file].join(' → '));
    if (state.has(file)) return;
    state.set(file, 'open');
    for (const target of next.get(file) ?? []) walk(target, [...path, file]);
    state.set(file, 'done');
  };
  for (const file of next.keys()) walk(file, []);
  assert.deepEqual(circles, []);
});

test('every imported file exists', () => {
  const known = new Set(files.map(({ path }) => path.replace(/^src\//, '').replace(/\.tsx?$/, '')));
  assert.deepEqual(
    imports.filter(({ to, isPackage }) => !isPackage && !known.has(to)).map(({ from, to }) => `${from}: ${to}`),
    [],
  );
});

test('npm packages are imported at home only, Node’s modules only by what runs in Node', () => {
  const wrong = imports.filter(({ from, to, isPackage }) => {
    if (!isPackage) return false;
    if (to.startsWith('node:') || builtinModules.includes(to)) return !NODE.includes(roomOf(from));
    return !(HOMES[to] ?? []).some((home) => (home.endsWith('/') ? from.startsWith(home) : from === home));
  });
  assert.deepEqual(
    wrong.map(({ from, to }) => `${from}: ${to}`),
    [],
  );
});

test('the core knows neither page nor extension nor Node', () => {
  const names = new RegExp(`(?<![\\w.'"\`$/-])(?:${HOST_NAMES.join('|')})(?=\\s*[.(\\[])`, 'g');
  const wrong = files
    .filter(({ path }) => CORE.includes(roomOf(path)) || (roomOf(path) === 'protocol' && !TOUCHES_DOM.includes(path)))
    .flatMap(({ path, text }) => {
      // In protocol, channel.ts has methods of these names: called on what is handed in, declared, never found in the air.
      const code = withoutComments(text).replace(/^\s*(?:\w+)\(.*\): \w+;$/gm, '');
      return [...code.matchAll(names)].map(([name]) => `${path}: ${name}`);
    });
  assert.deepEqual(wrong, []);
});

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(?<![:'"`/\\])\/\/.*$/gm, '');
}

test('no file is too long, and none is a drawer for everything', () => {
  const long = files.filter(({ text }) => text.split('\n').length > 500).map(({ path }) => path);
  const drawers = files.filter(({ path }) =>
    /(?:^|\/)(?:utils?|helpers?|common|shared|misc|types|constants|index)(?:\/|\.tsx?$)/.test(path),
  );
  assert.deepEqual([long, drawers.map(({ path }) => path)], [[], []]);
});

test('every source file opens by saying what it knows', () => {
  const mute = files.filter(({ text }) => !/^(?:\/\/ Made by [^\n]+\n)?\/\*\*/.test(text)).map(({ path }) => path);
  assert.deepEqual(mute, []);
});
