/** Stacks of a real program in words: as the bridge tells them, and as the program itself told by runtime.Callers. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Recording } from '../../src/bridge/recording';
import { isInternal, type TreeName } from '../../src/bridge/tree';
import { placeText, siteOf } from '../../src/handles/names';
import { Tables } from '../../src/handles/tables';
import type { HandlesWanted } from '../../src/handles/view';
import { Program } from '../../src/program';
import type { Frame } from '../../src/symbols/frame';
import { record } from '../../tools/record.mjs';
import { readRecorded } from '../bridge/recorded';
import { type MadeHandle, tableOf } from './made';

/** Stacks as a recorder and a watch keep them. */
function stacksIn(words: Int32Array): { pcs: number[]; whole: boolean }[] {
  const stacks = [];
  for (let at = 0; at < words.length; at += 1 + Math.abs(words[at])) {
    stacks.push({ pcs: [...words.subarray(at + 1, at + 1 + Math.abs(words[at]))], whole: words[at] >= 0 });
  }
  return stacks;
}

test('handles made at the stacks of a real program have the frames and the place that the bridge and the program tell', () => {
  const { program: bytes, recorded } = record('test/fixtures/store/go1.27/judge-stripped.wasm.br', ['all']);
  const { batches, truths } = readRecorded(recorded);
  const program = new Program(bytes);
  const stacks = batches.flatMap(({ stacks }) => stacksIn(stacks));
  assert.ok(stacks.length > 50);
  const handles = stacks.map(({ pcs, whole }, i): MadeHandle => ({ id: i + 7, birth: i + 1, stack: pcs, whole }));
  const tables = new Tables(
    () => program,
    () => program,
    () => [],
  );
  assert.ok(tables.handlesTaken('top', 1, tableOf({ handles })).ok);
  const details = handles.map(({ id }) => tables.handlesDetail('top', 1, 1, id, 0)!);

  // What runtime.Callers said within the function that called JavaScript, beginning with its caller.
  const told = details.map(({ createdAt }) => (createdAt ?? []).map(placeText));
  const own = told.map((frames) => frames.filter((frame) => !isInternal(frame)).join('\n'));
  const known = new Set(own);
  const accounts = truths.map((truth) =>
    truth
      .trimEnd()
      .split('\n')
      .map((line) => line.split('\t'))
      .filter(([name]) => !isInternal(name))
      .map(([name, file, line]) => `${name} ${file}:${line}`),
  );
  // One is deeper than a recorder keeps, and said to be cut.
  const deep = accounts.filter((frames) => frames.length >= 500);
  assert.equal(deep.length, 1);
  for (const frames of accounts) if (!deep.includes(frames)) assert.ok(known.has(frames.join('\n')), frames.join('\n'));
  assert.deepEqual(
    details.map(({ whole }) => whole),
    stacks.map(({ whole }) => whole),
  );
  assert.ok(details.some(({ whole }) => !whole));

  // The place of each group is one that the bridge has as the innermost of a call.
  const recording = new Recording(() => program);
  for (const batch of batches) assert.ok(recording.add(batch));
  const { names, name, parents } = recording.tree('sites', { range: null, text: '', label: null });
  const say = (one: TreeName) => (one.kind === 'frame' ? placeText(one as Frame) : '');
  const places = new Set(Array.from(parents, (parent, node) => (parent === 0 ? say(names[name[node]]) : '')));
  const wanted: HandlesWanted = {
    ...{ snapshot: 1, against: null, group: 'site', text: '-syscall.', suspects: false, open: {} },
    sort: { by: 'count', up: false },
  };
  const view = tables.handlesView('top', 1, wanted)!;
  const groups = tables.handlesRows('top', 1, 0, view.rows).filter((row) => row.kind === 'group');
  assert.ok(groups.filter(({ key }) => !isInternal(key)).length > 20);
  for (const { key, site } of groups) {
    assert.equal(key, placeText(site!));
    // Of stacks that are nothing but machinery each has its own word.
    if (!isInternal(key)) assert.ok(places.has(key), key);
  }
});

test('the place is the innermost frame outside of the machinery; where there is none, the nearest to it', () => {
  const frame = (name: string): Frame => ({ function: name, file: 'a.go', line: 1, inlined: false });
  const place = (...names: string[]) => siteOf(names.map(frame))?.function;
  assert.equal(place('syscall/js.FuncOf', 'main.listen', 'main.main', 'runtime.main'), 'main.listen');
  assert.equal(place('syscall/js.Value.Call', 'syscall.fsCall', 'os.(*File).Read', 'main.main'), 'os.(*File).Read');
  assert.equal(place('syscall/js.Value.Get', 'internal/poll.init', 'runtime/debug.x', 'a.com/b.F'), 'a.com/b.F');
  assert.equal(place('syscall/js.Value.Get', 'syscall.init', 'runtime.doInit1', 'runtime.main'), 'syscall.init');
  assert.equal(place('syscall/js.init', 'runtime.doInit1'), 'syscall/js.init');
  const handled = ['syscall/js.Value.Get', 'syscall/js.handleEvent', 'runtime.handleEvent', 'runtime.goexit'];
  assert.equal(place(...handled), 'syscall/js.handleEvent');
  assert.equal(place('PC 0x10000003', 'PC 0x10010003'), 'PC 0x10000003', 'without a program');
  assert.equal(place(), undefined);
});
