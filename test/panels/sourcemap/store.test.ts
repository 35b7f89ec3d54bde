import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Attached } from '../../../panels/sourcemap/attached';
import { mapFact } from '../../../panels/sourcemap/store';

const attached: Attached = {
  ...{ url: 'http://localhost/main.wasm', phase: 'attached', why: '' },
  ...{ places: 19_394, files: 229, texts: 19, lines: 'none', ms: 412 },
};
const told = (more: Partial<Attached>) => {
  const { value, remark } = mapFact({ ...attached, ...more }, null);
  return remark ? `${value} | ${remark}` : value;
};

test('a module that has its map', () => {
  assert.equal(
    told({}),
    'Attached to Console and Sources | 19,394 places, exact at calls · 19 of 229 files with text · in 412 ms',
  );
  assert.equal(
    told({ lines: 'used', texts: 229, ms: 1240 }),
    'Attached to Console and Sources | 19,394 places, exact lines · 229 files with text · in 1.2 s',
  );
});

test('a line table of another build is told, and the map is there all the same', () => {
  assert.match(
    told({ lines: 'expected a line table of this build, at offset 0x0' }),
    /exact at calls .* the \.golines file is not used: expected/,
  );
});

test('a module that has none, or not yet', () => {
  assert.equal(
    told({ phase: 'failed', why: 'this version of Chrome lets no extension attach source maps' }),
    'Not attached | this version of Chrome lets no extension attach source maps',
  );
  assert.equal(told({ phase: 'making' }), 'Being made');
  assert.deepEqual(mapFact(undefined, 'main.wasm.map'), { value: 'main.wasm.map', remark: '' });
  assert.equal(mapFact(undefined, null).value, 'None');
});
