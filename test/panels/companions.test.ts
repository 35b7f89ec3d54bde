import assert from 'node:assert/strict';
import { test } from 'node:test';
import { besideOf, chosenFiles, linesBeside, linesURL, NONE } from '../../panels/companions';
import { info } from './preview/data';

const TABLE = new TextEncoder().encode('golines\0and more');
const MODULE = 'https://example.com/app/main.wasm?v=3';

/** A server that writes down what it is asked for. */
function server(files: Record<string, Uint8Array>, header: string | null = null) {
  const asked: string[] = [];
  const fetchFile = async (url: string) => {
    asked.push(url);
    return files[url] ?? null;
  };
  return { asked, fetchFile, sourceMapHeader: async () => header };
}

test('the line table of app.wasm is app.golines, without the query', () => {
  assert.equal(linesURL(MODULE), 'https://example.com/app/main.golines');
  assert.equal(linesURL('http://localhost/x'), 'http://localhost/x.golines');
});

test('a page that a server shows for whatever it does not have is no line table', async () => {
  const html = new TextEncoder().encode('<!doctype html>');
  const { fetchFile } = server({ 'https://example.com/app/main.golines': html });
  assert.equal(await linesBeside(MODULE, fetchFile), null);
  assert.equal(await linesBeside(MODULE, server({ 'https://example.com/app/main.golines': TABLE }).fetchFile), TABLE);
});

test('a module without a URL has nothing beside it', async () => {
  const host = server({});
  assert.equal(await linesBeside('wasm://wasm/009900da', host.fetchFile), null);
  assert.equal(await besideOf('', info, host), NONE);
  assert.deepEqual(host.asked, []);
});

test('debug information is fetched from the module\u2019s own host only', async () => {
  const bytes = new Uint8Array([0, 97, 115, 109]);
  const host = server({ 'https://example.com/app/main.debug.wasm': bytes });
  const near = await besideOf(MODULE, { ...info, externalDebugInfo: 'main.debug.wasm' }, host);
  assert.equal(near.debugInfo, bytes);
  assert.deepEqual(near.notes, []);
  for (const elsewhere of ['https://other.example/main.debug.wasm', '//other.example/x', 'file:///etc/passwd']) {
    const far = await besideOf(MODULE, { ...info, externalDebugInfo: elsewhere }, host);
    assert.equal(far.debugInfo, null);
    assert.deepEqual(far.notes, [`Its debug information is in ${elsewhere}, which could not be had.`]);
  }
  assert.ok(
    host.asked.every((url) => new URL(url).host === 'example.com'),
    host.asked.join(),
  );
});

test('of the files that were chosen together, the first module is the one; the rest belongs to it', async () => {
  const file = (name: string, text: string) => new File([text], name);
  const chosen = await chosenFiles([
    ...[file('main.wasm.map', '{}'), file('main.wasm', 'one'), file('main.golines', 'table'), file('d.wasm', 'two')],
  ]);
  assert.equal(chosen?.module.name, 'main.wasm');
  const { lines, map, debugInfo } = chosen.companions;
  assert.deepEqual([lines?.length, map, debugInfo?.length], [5, '{}', 3]);
  assert.equal(await chosenFiles([file('main.wasm.map', '{}')]), null);
  assert.deepEqual((await chosenFiles([file('main.wasm', 'one')]))?.companions, NONE);
});
