import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseFilter } from '../../../panels/errors/filter';
import { failure, frame } from '../preview/make';

const nilMap = failure({
  kind: 'panic',
  title: 'panic: assignment to entry in nil map',
  module: 'paint.wasm',
  rows: [frame('example.com/paint/history.(*Log).Push', '/src/paint/history/log.go', 52)],
});

function matches(text: string): boolean {
  const parsed = parseFilter(text);
  assert.ok(parsed.ok, text);
  return parsed.matches(nilMap);
}

test('words, minus and quotes', () => {
  assert.ok(matches(''));
  assert.ok(matches('NIL map'));
  assert.ok(!matches('nil slice'));
  assert.ok(!matches('-map'));
  assert.ok(matches('"entry in nil" -"entry of"'));
});

test('regular expressions', () => {
  assert.ok(matches('/nil (map|chan)/'));
  assert.ok(!matches('-/nil (map|chan)/'));
});

test('keys', () => {
  assert.ok(matches('kind:panic file:log.go pkg:paint/history module:paint'));
  assert.ok(!matches('kind:trap'));
  assert.ok(matches('-kind:exit'));
});

test('a wrong filter says why', () => {
  assert.deepEqual(parseFilter('/(/'), { ok: false, why: 'this is no regular expression' });
  assert.deepEqual(parseFilter('/open'), { ok: false, why: 'a regular expression ends with /' });
  const kind = parseFilter('kind:none');
  assert.ok(!kind.ok && kind.why.startsWith('kind: is one of panic'));
});
