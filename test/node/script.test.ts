/** Where wasm_exec.js is taken from when nobody names it. */
import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { findScript } from '../../src/node/script';

const folder = mkdtempSync(join(tmpdir(), 'gowasm-script-'));
after(() => rmSync(folder, { recursive: true }));

/** Makes a go command whose GOROOT holds these files, and has `GO` name it. */
function withGo(name: string, files: string[]): string {
  const root = join(folder, name);
  for (const file of files) {
    mkdirSync(join(root, file, '..'), { recursive: true });
    writeFileSync(join(root, file), '');
  }
  mkdirSync(root, { recursive: true });
  const go = join(root, 'go');
  writeFileSync(go, `#!/bin/sh\n[ "$*" = "env GOROOT" ] && echo '${root}'\n`);
  chmodSync(go, 0o755);
  process.env.GO = go;
  return root;
}

test('lib/wasm since Go 1.24, misc/wasm before, else one line', () => {
  const before = process.env.GO;
  try {
    let root = withGo('new', ['lib/wasm/wasm_exec.js', 'misc/wasm/wasm_exec.js']);
    assert.deepEqual(findScript(), { ok: true, value: join(root, 'lib/wasm/wasm_exec.js') });
    root = withGo('old', ['misc/wasm/wasm_exec.js']);
    assert.deepEqual(findScript(), { ok: true, value: join(root, 'misc/wasm/wasm_exec.js') });
    root = withGo('none', []);
    const why = `${root} has no lib/wasm/wasm_exec.js: name the file with --wasm-exec PATH`;
    assert.deepEqual(findScript(), { ok: false, why });
    process.env.GO = join(folder, 'missing');
    assert.equal(findScript().ok, false);
  } finally {
    if (before === undefined) delete process.env.GO;
    else process.env.GO = before;
  }
});
