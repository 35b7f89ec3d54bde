/**
 * Functions that a program exports itself (go:wasmexport), called while Go calls JavaScript: a value that this call returns is told to be made
 * by that call, and not by the exported function, also where the page has taken that out before the program ran.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { handleOptions } from '../../../src/handles/options';
import { goNamespace } from '../../../src/hook/imports';
import { gateImports } from '../../../src/hook/record/imports';
import { createRecordedProgram } from '../../../src/hook/record/program';
import { loadGo } from '../../../src/node/script';
import { Program } from '../../../src/program';
import { openFixture } from '../../fixtures/open';
import { wasmExec } from '../../fixtures/wasm-exec';

interface World {
  callExport: () => object;
}
const world = globalThis as unknown as World;
const NOTHING = { frames: null, staticLow: 0, staticHigh: 0 };
const clock = () => ({ performance, now: performance.now, origin: performance.timeOrigin });

/**
 * Has Go call JavaScript, which calls the exported function and returns an object.
 * @param taken whether the page takes the function out before the program runs
 * @param known when frame sizes are known: from the beginning, or late
 * @returns the functions of the stack that the object is told to have crossed in
 */
function madeBy(release: string, taken: boolean, known: 'first' | 'late'): (string | null)[] {
  const bytes = openFixture(`${release}/judge-stripped`);
  const program = new Program(bytes);
  const { watch: options } = handleOptions(program);
  const loaded = loadGo(wasmExec(release)?.path ?? assert.fail());
  assert.ok(loaded.ok);
  const go = loaded.value as typeof loaded.value & { _ids: Map<unknown, number> };
  const namespace = goNamespace(go.importObject) ?? assert.fail();
  // What it prints is of no interest.
  (namespace.functions as Record<string, unknown>)['runtime.wasmWrite'] = () => undefined;
  const recorded = createRecordedProgram(
    1,
    namespace,
    clock,
    () => true,
    (itself) => {
      itself.watch(known === 'first' ? options : NOTHING);
    },
  );
  const imports = gateImports(go.importObject, namespace.name, recorded) as WebAssembly.Imports;
  const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes as Uint8Array<ArrayBuffer>), imports);
  type Exported = { exported(n: number): number };
  const early = taken ? (instance.exports as unknown as Exported) : null;
  const made = {};
  world.callExport = () => {
    (early ?? (instance.exports as unknown as Exported)).exported(0);
    return made;
  };
  let id = 0;
  // The program looks for it at each of its steps; here it has none.
  const capture = {
    configurable: true,
    get() {
      id ||= go._ids.get(made) ?? 0;
    },
  };
  Object.defineProperty(globalThis, 'capture', capture);
  go.argv = ['judge', 'exported'];
  go.exit = () => undefined;
  void go.run(instance);
  recorded.watch(options);
  const { stacks, stackWords } = recorded.watched()?.columns(Int32Array.of(id)) ?? assert.fail();
  recorded.unwatch();
  assert.ok(id > 6);
  let at = 0;
  for (let number = 1; number < stacks[0]; number++) at += 1 + Math.abs(stackWords[at]);
  const pcs = stacks[0] ? [...stackWords.slice(at + 1, at + 1 + Math.abs(stackWords[at]))] : [];
  return pcs.map((pc) => program.go.nameOf(program.go.funcOf(pc >>> 16) ?? assert.fail()));
}

for (const release of ['go1.24', 'go1.27']) {
  for (const known of ['first', 'late'] as const) {
    for (const taken of [false, true]) {
      const when = taken ? 'before the program ran' : 'when it is called';
      test(`${release}, taken out ${when}, frame sizes known ${known}: the call that returned it`, () => {
        const functions = madeBy(release, taken, known);
        assert.equal(functions[0], 'syscall/js.Value.Call');
        assert.ok(functions.includes('main.callExported'), functions.join());
        assert.ok(!functions.includes('main.exported'));
      });
    }
  }
}

test('where nobody wants to know, the page gets the functions themselves; and the getter is its own again in the end', () => {
  const before = Object.getOwnPropertyDescriptor(WebAssembly.Instance.prototype, 'exports');
  const bytes = openFixture('go1.27/judge-stripped');
  const module = new WebAssembly.Module(bytes as Uint8Array<ArrayBuffer>);
  const loaded = loadGo(wasmExec('go1.27')?.path ?? assert.fail());
  assert.ok(loaded.ok);
  /** @returns whether a table takes the function that the page takes out, as it takes those of WebAssembly only */
  const isItself = (wanted: boolean) => {
    const { importObject } = loaded.value;
    const recorded = createRecordedProgram(
      1,
      goNamespace(importObject) ?? assert.fail(),
      clock,
      () => wanted,
      () => assert.fail(),
    );
    const { exports } = new WebAssembly.Instance(
      module,
      gateImports(importObject, 'gojs', recorded) as WebAssembly.Imports,
    );
    const table = new WebAssembly.Table({ initial: 1, element: 'anyfunc' });
    try {
      table.set(0, exports.exported as never);
      return true;
    } catch {
      return false;
    }
  };
  assert.equal(isItself(false), true);
  assert.deepEqual(Object.getOwnPropertyDescriptor(WebAssembly.Instance.prototype, 'exports'), before);
  // The test sees what it says it sees.
  assert.equal(isItself(true), false);
});
