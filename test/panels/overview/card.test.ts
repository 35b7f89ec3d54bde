import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cardMarkdown, moduleFacts, stateTone, stateWords } from '../../../panels/overview/card';
import type { Info } from '../../../src/session';
import { info } from '../preview/data';

/** Draws the card: `Name: value | remark [chip]`. */
const draw = (more: Partial<Info>) =>
  moduleFacts({ ...info, ...more }, 'paint.wasm', 'http://localhost:8080/paint.wasm').map(
    ({ name, value, remark, chip }) => `${name}: ${value}${remark ? ` | ${remark}` : ''}${chip ? ` [${chip}]` : ''}`,
  );

test('the card of a production build', () => {
  assert.deepEqual(draw({}), [
    'Module: example.com/paint | v0.9.2-dev',
    'Go version: go1.26.5',
    'Target: js/wasm',
    'Revision: 7c1f0d2e9a41 [dirty]',
    'Commit time: 2026-11-18 16:42 UTC',
    'Size: 6.84 MB | 7,172,312 bytes',
    'Stripped: Yes | names and lines remain in Go’s own tables',
    'Trimpath: Yes',
    'Functions: 5,307 | all named, 494 files',
    'Source map: None',
    'URL: localhost:8080/paint.wasm',
  ]);
});

test('the command has a row of its own where it is not the module', () => {
  assert.equal(draw({ mainPath: 'example.com/paint/cmd/web' })[1], 'Command: example.com/paint/cmd/web');
});

test('nothing is ever empty', () => {
  const bare = draw({ modulePath: null, mainPath: null, moduleVersion: null, vcs: null, settings: {} });
  assert.ok(bare.includes('Module: paint.wasm'));
  assert.ok(bare.includes('Commit time: not recorded'));
  assert.ok(bare.every((row) => !row.endsWith(': ')));
});

test('states in the picker’s words and colours', () => {
  assert.equal(stateWords({ state: 'exited', exitCode: 2 }), 'exited, code 2');
  assert.equal(stateTone({ state: 'exited', exitCode: 2 }), 'bad');
  assert.equal(stateTone({ state: 'exited', exitCode: 0 }), 'grey');
  assert.equal(stateTone({ state: 'gone', exitCode: null }), 'grey');
  assert.equal(stateTone(null), 'hollow');
});

test('as Markdown, with what a build setting may hold escaped', () => {
  const text = cardMarkdown({ ...info, settings: { '-ldflags': '-X main.v=a|b' } }, 'paint.wasm', '');
  assert.match(text, /\| -ldflags \| -X main\.v=a\\\|b \|/);
  assert.match(text, /\| golang\.org\/x\/text \| v0\.31\.0 => \.\.\/text \(devel\) \|/);
});
