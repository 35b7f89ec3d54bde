/** The panel in a plain page, with made-up data: `?state=…&theme=dark`. For pictures, for tests, for working on it. */

import type { Signal } from '@preact/signals';
import { type App, TABS } from '../../../panels/app';
import type { Sample } from '../../../panels/handles/chart';
import { mount } from '../../../panels/mount';
import type { FrameRow } from '../../../src/failures/failure';
import { createSession } from '../../../src/session';
import { paintRecording, type Shape } from '../../bridge/made';
import { readRecorded } from '../../bridge/recorded';
import * as data from './data';
import { type Fake, fake, inThread, pasteAs, type Recording, type Scenario } from './fake';
import { folderStore } from './folders';
import { failure, frame } from './make';
import { PaintPage, paintPage } from './paint-page';

declare global {
  /** For tests. */
  var preview: { app: App; fake: Fake; settled(): boolean };
}

const frames = data.failures[5].stack.rows.filter((row): row is FrameRow => row.kind === 'frame');

const errors: Scenario = {
  realms: data.realms,
  instances: data.instances,
  failures: data.failures,
  info: data.info,
  delay: 0,
  problem: '',
  site: { kind: 'enabled' },
  theme: 'light',
  sources: data.sources,
  maps: data.maps,
  foreign: null,
  paste: pasteAs(frames),
};
const none = { ...errors, realms: [], instances: [], failures: [] };
const healthy = {
  ...errors,
  failures: [],
  instances: [{ ...data.instances[2], state: 'running' as const }],
  realms: [data.realms[2]],
};
const withInfo = (more: Partial<typeof data.info>): Scenario => ({ ...healthy, info: { ...data.info, ...more } });

const deep = Array.from({ length: 100_000 }, (_, i) =>
  frame(`example.com/paint/tree.(*Node).walk${i % 7}`, 'example.com/paint/tree/walk.go', i % 900),
);

const scenarios: Record<string, () => Scenario> = {
  errors: () => errors,
  none: () => none,
  healthy: () => healthy,
  foreign: () => ({
    ...none,
    foreign: { ...data.info, producer: 'Rust 1.68', toolchain: { kind: 'other', version: null, target: null } },
  }),
  missed: () => ({ ...none, foreign: data.info }),
  off: () => ({ ...none, site: { kind: 'off', site: 'example.com' } }),
  closed: () => ({
    ...none,
    site: { kind: 'closed', why: 'Pages of chrome:// and the Web Store are closed to extensions.' },
  }),
  loading: () => ({ ...healthy, delay: Number.POSITIVE_INFINITY }),
  failed: () => ({ ...healthy, problem: 'the server answered 404' }),
  large: () => ({ ...healthy, tooLarge: true, problem: 'This file is 512 MB; the panel reads modules up to 256 MB.' }),
  partial: () =>
    withInfo({
      warnings: ['The build information could not be read: expected a string of 212 bytes, at offset 0x31f2a0.'],
    }),
  tinygo: () =>
    withInfo({
      toolchain: { kind: 'tinygo', version: '0.39.0', target: 'js' },
      hasDwarf: true,
      pclntab: null,
      functions: { wasm: 812, go: 0 },
    }),
  wasip1: () => withInfo({ toolchain: { kind: 'go', version: 'go1.27.4', target: 'wasip1' } }),
  exited: () => ({ ...healthy, instances: [{ ...data.instances[2], state: 'exited', exitCode: 2 }] }),
  plain: () =>
    withInfo({ modulePath: null, mainPath: null, moduleVersion: null, vcs: null, settings: {}, dependencies: [] }),
  deep: () => ({
    ...errors,
    failures: [
      failure({ id: 'deep', realm: 'top-3', title: 'RangeError: Maximum call stack size exceeded', rows: deep }),
    ],
  }),
  many: () => ({
    ...errors,
    realms: [data.realms[2]],
    missed: 4200,
    failures: Array.from({ length: 10_000 }, (_, i) =>
      failure({
        id: `m${i}`,
        realm: 'top-3',
        at: i,
        title: `panic: number ${i}`,
        rows: [frame('main.f', 'example.com/paint/app.go', i + 1)],
      }),
    ),
  }),
  cdn: () => ({
    ...errors,
    instances: data.instances.map((row) => ({ ...row, url: 'https://cdn.example/v3/paint.wasm' })),
  }),
  broken: () => ({
    ...errors,
    failures: [
      // No session tells this: a part that throws while it is drawn.
      {
        ...data.failures[5],
        goroutine: {
          id: 1,
          state: {} as string,
          createdBy: { function: null as unknown as string, file: 'x.go', line: 1, goroutine: 1 },
        },
      },
    ],
  }),
  hostile: () => ({
    ...errors,
    failures: [
      failure({
        realm: 'top-3',
        title: `panic: <img src=x onerror="document.title='hit'"> \u202eright to left\u202c ${'long '.repeat(80)}`,
        message: `panic: <script>document.title='hit'</script>\nsecond line\n${'x'.repeat(3000)}`,
        rows: [
          frame(`main.Map[${'example.com/very/long/path.Type,'.repeat(12)}int].<b>Get</b>`, '/src/<i>a</i>\n.go', 7),
          frame('main.main', 'javascript:alert(1)/main.go', 1),
          { kind: 'gap', why: 'Go elided 312 frames' },
        ],
      }),
    ],
  }),
};

/** Recordings of a made-up program. */
const recording = (more: Partial<Recording>, shape: Partial<Shape> = {}): Scenario => ({
  ...healthy,
  recording: {
    batches: () => paintRecording({ seed: 1, events: 30_000, every: 4, ...shape }),
    ...{ there: true, on: false },
    ...more,
  },
});
Object.assign(scenarios, {
  bridge: () => recording({}),
  'bridge-on': () => recording({ on: true }),
  'bridge-empty': () => recording({ on: true, batches: () => [] }),
  'bridge-armed': () => recording({ on: true, there: false, batches: () => [] }),
  'bridge-broken': () =>
    recording({ batches: () => [...paintRecording({ seed: 1, events: 3000 })].filter((_, i) => i !== 3) }),
  'bridge-real': () => ({
    ...recording({ batches: async () => readRecorded(await (await fetch('/recorded.json')).text()).batches }),
    module: async () => new Uint8Array(await (await fetch('/judge.wasm')).arrayBuffer()),
  }),
  'bridge-unseen': () => recording({}, { memory: false }),
  'bridge-million': () => recording({}, { events: 1_000_000, every: 1 }),
});

/** Handles of a made-up program. @param earlier how many of the snapshots that were taken before are kept */
const handles = (more: Partial<Scenario> = {}, { watched = true, earlier = 19 } = {}): Scenario => ({
  ...healthy,
  handles: (tables, realm) => {
    let taken = 0;
    return paintPage({ watched }, async (page) => {
      if (++taken > 19 - earlier) {
        const table = page.answer({ ask: 'table', instance: 1, options: { funcs: null, numgc: 0 } });
        await tables.handlesTaken(realm, 1, table);
      }
    });
  },
  ...more,
});
const pageOf = (fill: (page: PaintPage) => void) => async () => {
  const page = new PaintPage(true, Date.now());
  fill(page);
  return page;
};
Object.assign(scenarios, {
  handles: () => handles(),
  'handles-first': () => handles({}, { earlier: 0 }),
  'handles-late': () => handles({}, { watched: false, earlier: 0 }),
  'handles-none': () => handles({ handles: pageOf(() => undefined) }),
  'handles-unread': () => handles({ handles: undefined }),
  'handles-exited': () =>
    handles({ instances: [{ ...data.instances[2], state: 'exited', exitCode: 2 }] }, { earlier: 0 }),
  'handles-was': () => handles({ instances: [{ ...data.instances[2], state: 'exited', exitCode: 2 }] }),
  'handles-many': () =>
    handles({
      handles: pageOf((page) => {
        for (let i = 0; i < 500; i++) {
          for (const kind of ['image', 'event', 'status'] as const) page.make(kind, kind === 'event' ? 100 : 50);
          page.pass(20);
        }
      }),
    }),
  'handles-hostile': () => handles({ handles: pageOf((page) => page.make('hostile', 5)) }),
});

const query = new URLSearchParams(location.search);
const scenario = (scenarios[query.get('state') ?? 'errors'] ?? scenarios.errors)();
const made = fake({ ...scenario, theme: query.get('theme') === 'dark' ? 'dark' : 'light' });
// The real session, to open real files and to paste real stacks.
if (query.has('real')) made.session = inThread(createSession());
const folders = folderStore(query.get('folders') ?? 'some');
const app = mount({ ...made, folders, storage: query.has('keep') ? localStorage : null }, document);
globalThis.preview = { app, fake: made, settled: () => app.errors.failures.value.size === scenario.failures.length };
if (scenario.recording) void record(scenario.recording);
if (scenario.handles && !query.has('empty')) fillChart();
if (query.has('settings')) app.dialog.value = { kind: 'settings', part: query.get('settings') || 'Sources' };
if (query.has('tab')) globalThis.preview.app.tab.value = TABS.find((tab) => tab === query.get('tab')) ?? 'errors';

/** Has a recording come from the page. */
async function record({ batches, there, on }: Recording): Promise<void> {
  const { listener } = made.target;
  const realm = scenario.realms.at(-1)?.id ?? '';
  app.bridge.record();
  if (there) listener?.recorder?.(realm);
  for (const batch of await batches()) listener?.recorded?.(realm, batch);
  if (!on) app.bridge.stop();
}

/** As if the tab had been looked at for three minutes. */
function fillChart(): void {
  if (app.handles.samples.value.length === 0) {
    setTimeout(fillChart, 20);
    return;
  }
  const now = Date.now() - 1000;
  const before = Array.from({ length: 179 }, (_, i) => {
    const collected = Math.floor((i + 8) / 26);
    const handles = Math.round(380 + 3.4 * i + ((i + 8) % 26) * 8);
    return { at: now - (179 - i) * 1000, handles, funcs: Math.round(30 + i * 1.64), cycles: collected };
  });
  (app.handles.samples as Signal<readonly Sample[]>).value = [...before, ...app.handles.samples.value];
}
