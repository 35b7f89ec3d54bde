/**
 * The bridge program of every release in the store: what a recording says, against the program's own account (runtime.Callers
 * at the same lines) and against a wasm_exec.js that counts the calls itself.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { buildSync } from 'esbuild';
import { Profile as Pprof } from 'pprof-format';
import type { Frame } from '../../src/symbols/frame';
import { fixtureNames, openFixture } from '../fixtures/open';
import { wasmExec } from '../fixtures/wasm-exec';

const root = process.env.GOWASM_ROOT ?? '.';
const cli = join(root, 'dist/gowasm.js');
const folder = mkdtempSync(join(tmpdir(), 'gowasm-bridge-'));
after(() => rmSync(folder, { recursive: true }));

/** One row of the program's account. */
interface Row {
  operation: string;
  target: string;
  count: number;
  bytes: number;
  frames: Frame[];
}

interface Told {
  clockStepMs: number;
  calls: number;
  dropped: number;
  lost: number;
  every: number;
  operations: {
    operation: string;
    target: string;
    count: number;
    timed: number;
    totalMs: number;
    selfMs: number;
    bytes: number;
    sites: { frames: Frame[]; count: number; bytes: number; timed: number; whole: boolean }[];
  }[];
}

/** What the counting script saw: calls of each import, and entries into Go. */
type Counts = Record<string, number>;

/** Put behind wasm_exec.js. */
const COUNTING = `
{
  const counts = { __proto__: null };
  const count = (name) => { counts[name] = (counts[name] ?? 0) + 1; };
  const Go = globalThis.Go;
  globalThis.Go = class extends Go {
    constructor() {
      super();
      const functions = this.importObject.gojs ?? this.importObject.go;
      for (const [name, original] of Object.entries(functions)) {
        if (!/^(runtime|syscall\\/js)\\./.test(name)) continue;
        functions[name] = (sp) => { count(name.replace(/^.*\\./, '')); original(sp); };
      }
    }
    _resume() {
      count(this._pendingEvent ? 'callback' : 'resume');
      super._resume();
    }
  };
  process.on('exit', () => require('fs').writeFileSync(process.env.COUNTS, JSON.stringify(counts)));
}
`;

function node(...args: string[]): string {
  const env = { ...process.env, COUNTS: join(folder, 'counts') };
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { env, maxBuffer: 1 << 26, timeout: 60_000 });
  assert.equal(status, 0, stderr.toString());
  assert.equal(stderr.toString(), '');
  return stdout.toString();
}

let timed: string | undefined;
/** `bridge-run.ts` as one file. */
function timedRunner(): string {
  if (timed) return timed;
  timed = join(folder, 'run.cjs');
  const entryPoints = [join(root, 'test/judge/bridge-run.ts')];
  buildSync({ entryPoints, bundle: true, platform: 'node', format: 'cjs', outfile: timed });
  return timed;
}

/** @param every null for `gowasm run --bridge`; else one call in so many is timed */
function record(name: string, every: number | null): { account: Row[]; told: Told; counts: Counts } {
  const [file, script, out] = ['main.wasm', 'wasm_exec.js', 'capture'].map((one) => join(folder, one));
  writeFileSync(file, openFixture(name));
  writeFileSync(script, (wasmExec(name)?.text() ?? assert.fail(name)) + COUNTING);
  const output =
    every === null
      ? node(cli, 'run', '--wasm-exec', script, '--bridge', out, file)
      : node(timedRunner(), file, script, `${every}`, out);
  const account = JSON.parse(output);
  const told = JSON.parse(node(cli, 'bridge', out, file, '--json'));
  const counts = JSON.parse(readFileSync(join(folder, 'counts'), 'utf8'));
  return { account, told, counts };
}

/** Names are kept up to here; of longer ones the beginning. */
const LONGEST = 128;
const targetOf = (target: string) => (target.length > LONGEST ? `${target.slice(0, LONGEST)}…` : target);
const spelled = ({ function: name, file, line, inlined }: Frame) =>
  `${name} ${file}:${line}${inlined ? ' inlined' : ''}`;
const keyOf = (operation: string, target: string, frames: Frame[]) =>
  [`${operation} ${target}`, ...frames.map(spelled)].join('\n  ');

/** Frames that are syscall/js's own way from the called method to the import. */
const inside = (frames: Frame[]) => {
  const end = frames.findIndex(({ function: name }) => !/^syscall\/js\.(?!handleEvent$)/.test(name));
  return end < 0 ? frames.length : end;
};

/** What both must say of the program's measured part: by operation, target and stack the count and bytes. */
function accounted(account: Row[]): Map<string, string> {
  const sums = new Map<string, [number, number]>();
  for (const { operation, target, count, bytes, frames } of account) {
    // Of a callback the function is known.
    const stack = operation === 'callback' ? [] : frames;
    const name = operation === 'callback' ? frames[0].function : targetOf(target);
    const key = keyOf(operation, name, stack);
    const [calls, moved] = sums.get(key) ?? [0, 0];
    sums.set(key, [calls + count, moved + bytes]);
  }
  return new Map([...sums].map(([key, [count, bytes]]) => [key, `${count} calls, ${bytes} bytes`]));
}

function recorded({ operations }: Told): Map<string, string> {
  const rows: Row[] = [];
  for (const { operation, target, sites } of operations) {
    for (const { frames, count, bytes, whole } of sites) {
      const from = frames.slice(inside(frames));
      if (!from[0]?.file.endsWith('/measured.go')) continue;
      assert.ok(whole, keyOf(operation, target, frames));
      rows.push({ operation, target, count, bytes, frames: from });
    }
  }
  return accounted(rows);
}

/** Which methods of js.Value lead to an operation; the one that the program has called is the last. */
const LEADS: Record<string, RegExp> = {
  valueGet: /(^| )Value\.Get( Value\.Call)?$/,
  valueSet: /Value\.Set( ValueOf)*$/,
  valueDelete: /Value\.Delete$/,
  valueIndex: /Value\.Index$/,
  valueSetIndex: /Value\.SetIndex( ValueOf)*( Value\.Set ValueOf)?$/,
  valueCall: /Value\.Call( FuncOf)?$/,
  valueInvoke: /Value\.Invoke$/,
  valueNew: /Value\.New( ValueOf)*( Value\.Set ValueOf)?$/,
  valueLength: /Value\.Length$/,
  valueInstanceOf: /Value\.InstanceOf$/,
  stringVal: /^ValueOf .*(Value\.Set|Value\.Call|Value\.SetIndex ValueOf Value\.Set ValueOf)$/,
  valuePrepareString: /^jsString Value\.String$/,
  valueLoadString: /^jsString Value\.String$/,
  finalizeRef: /^jsString Value\.String$/,
  copyBytesToGo: /^CopyBytesToGo$/,
  copyBytesToJS: /^CopyBytesToJS$/,
};

/** The one callback of measured.go that notes nothing, for it calls nothing: it wakes one that waits. */
function unaccounted(account: Row[]): Row[] {
  const waits = account.find(({ operation, frames }) => operation === 'callback' && /waits/.test(frames[0].function));
  assert.ok(waits, 'the program has an account of the callback that waits');
  const frame = { ...waits.frames[0], function: waits.frames[0].function.replace('func1', 'func2') };
  return [{ ...waits, count: 1, frames: [frame] }];
}

const names = fixtureNames().filter((name) => name.includes('/bridge-'));
const RUNS: [every: number | null, how: string][] = [
  [null, 'as gowasm run does'],
  [1, 'with every call timed'],
  [7, 'with one in seven timed'],
];

for (const name of names) {
  for (const [every, how] of RUNS) {
    test(`${name}, ${how}: counts, bytes, call sites and nesting equal the program's account`, () => {
      const { account, told, counts } = record(name, every);
      assert.deepEqual(
        Object.fromEntries(recorded(told)),
        Object.fromEntries(accounted([...account, ...unaccounted(account)])),
      );
      assert.ok(account.length > 60, `${account.length} rows`);

      const totals: Record<string, number> = {};
      for (const { operation, count } of told.operations) totals[operation] = (totals[operation] ?? 0) + count;
      assert.deepEqual(totals, { ...counts, run: 1 });
      let calls = 0;
      for (const count of Object.values(totals)) calls += count;
      assert.equal(told.calls, calls);
      assert.deepEqual([told.dropped, told.lost], [0, 0]);
      assert.ok(told.clockStepMs > 0);

      let led = 0;
      for (const { operation, target, sites, ...row } of told.operations) {
        assert.ok(row.timed <= row.count && (row.timed > 0 || every !== 1), `${operation} ${target}`);
        // Entries into Go and copies always are.
        const always = every === 1 || /^(?:run|resume|callback|copyBytes\w+)$/.test(operation);
        if (always) assert.equal(row.timed, row.count, `${operation} ${target}`);
        assert.equal(
          row.count,
          sites.reduce((sum, { count }) => sum + count, 0),
        );
        assert.equal(
          row.bytes,
          sites.reduce((sum, { bytes }) => sum + bytes, 0),
        );
        for (const { frames } of sites) {
          const end = inside(frames);
          if (!frames[end]?.file.endsWith('/measured.go') || operation === 'callback') continue;
          const lead = frames.slice(0, end).map(({ function: name }) => name.replace('syscall/js.', ''));
          assert.match(lead.filter((one) => !/^(makeArg|storeArgs)/.test(one)).join(' '), LEADS[operation], operation);
          led++;
        }
      }
      assert.ok(led > 60, `${led} sites`);
    });
  }
}

interface TraceEvent {
  ph: string;
  name: string;
  ts: number;
  dur: number;
  args: { from: string };
}

for (const name of names) {
  test(`${name}: exports say the same, calls stand within those that led to them`, () => {
    const { account, told } = record(name, 1);
    const [capture, file] = ['capture', 'main.wasm'].map((one) => join(folder, one));
    const [pprof, trace] = ['pprof', 'trace'].map((one) => join(folder, one));
    node(cli, 'bridge', capture, file, '--pprof', pprof, '--trace', trace);

    const { sample } = Pprof.decode(gunzipSync(readFileSync(pprof)));
    const total = (index: number) => sample.reduce((sum, { value }) => sum + Number(value[index]), 0);
    const bytes = told.operations.reduce((sum, one) => sum + one.bytes, 0);
    const selfMs = told.operations.reduce((sum, one) => sum + one.selfMs, 0);
    assert.deepEqual([total(0), total(2)], [told.calls, bytes]);
    // Each sample is rounded to the nanosecond.
    assert.ok(Math.abs(total(1) - selfMs * 1e6) <= sample.length, `${total(1)} ns, ${selfMs} ms`);
    // `--judge` has a go command.
    if (process.env.GOWASM_FIXTURES) askGo(pprof, [told.calls, total(1), bytes]);

    const { traceEvents } = JSON.parse(readFileSync(trace, 'utf8')) as { traceEvents: TraceEvent[] };
    const calls = traceEvents.filter(({ ph }) => ph === 'X');
    assert.equal(calls.length, told.calls);
    const paths = new Map<string, number>();
    const open: TraceEvent[] = [];
    for (const call of calls) {
      while (open.length > 0 && ends(open[open.length - 1]) < call.ts + call.dur) open.pop();
      open.push(call);
      const path = open.slice(1).map((one) => `${one.name} ${one.args.from.split(' ')[0]}`);
      paths.set(path.join(' > '), (paths.get(path.join(' > ')) ?? 0) + 1);
    }
    // The outermost is what ran or resumed the program.
    const within = 'valueCall "call" main.nested > callback main.nested.func1 > valueCall "again" main.nested.func1';
    const count = (operation: string, from: string) =>
      account
        .filter((row) => row.operation === operation && row.frames[0].function === from)
        .reduce((sum, row) => sum + row.count, 0);
    const onCount = 'main.(*counter).onCount';
    assert.equal(paths.get(within), 4);
    assert.equal(paths.get(`${within} > callback ${onCount}`), count('callback', onCount));
    assert.equal(paths.get(`${within} > callback ${onCount} > valueSet "n" ${onCount}`), count('valueSet', onCount));
    assert.equal(
      paths.get('valueCall "again" main.callbacks > callback main.onEach > valueSet "last" main.onEach'),
      25,
    );
  });
}

/** With room for the rounding of both numbers. */
const ends = ({ ts, dur }: TraceEvent) => ts + dur + 0.002;

/** Holds totals (calls, nanoseconds, bytes) against what `go tool pprof -top` prints. */
function askGo(file: string, totals: number[]): void {
  const units = ['', 'ns', 'B'];
  for (const [i, index] of ['calls', 'time', 'bytes'].entries()) {
    const unit = units[i] ? [`-unit=${units[i]}`] : [];
    const options = ['tool', 'pprof', '-top', `-sample_index=${index}`, ...unit, file];
    const { status, stdout } = spawnSync(process.env.GO ?? 'go', options, { encoding: 'utf8' });
    assert.equal(status, 0);
    const [, total] = /Total samples = (\d+)/.exec(stdout) ?? assert.fail(stdout);
    assert.equal(Number(total), totals[i], index);
  }
}

test('there is something to judge', () => {
  assert.ok(names.length > 0 || process.env.GOWASM_FIXTURES);
});
