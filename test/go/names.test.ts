/** Go symbol names: how they are printed, whose they are. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isInternal, isStandard, packageOf, printedName } from '../../src/go/names';
import { releaseOf } from '../../src/go/toolchain';

test('names are printed as the runtime prints them: generic shapes become [...]', () => {
  assert.equal(printedName('main.Map[go.shape.int,go.shape.string]', '1.20'), 'main.Map[...]');
  assert.equal(printedName('main.(*List[go.shape.[]int]).Add', '1.18'), 'main.(*List[...]).Add');
  assert.equal(printedName('main.plain', '1.20'), 'main.plain');
  assert.equal(printedName('type..eq.[2]interface {}', '1.16'), 'type..eq.[2]interface {}');
});

test('the package of a symbol is its import path, escapes resolved', () => {
  const packages: [string, string][] = [
    ['main.main', 'main'],
    ['example.com/paint/brush.(*Stamp).Blend', 'example.com/paint/brush'],
    ['gopkg.in/yaml%2ev3.Marshal', 'gopkg.in/yaml.v3'],
    ['main.F[example.com/other.T]', 'main'],
    ['runtime/internal/atomic.Load', 'runtime/internal/atomic'],
    ['memeqbody', ''],
    ['type:.eq.main.T', ''],
    ['type..eq.main.T', ''],
    ['go:buildid', ''],
    ['_rt0_wasm_js', ''],
    ['wasm_pc_f_loop', ''],
    ['', ''],
  ];
  for (const [name, path] of packages) assert.equal(packageOf(name), path, name);
});

test('the runtime and the bridge are machinery; the rest of the standard library is not', () => {
  for (const name of ['runtime.gopanic', 'runtime/debug.Stack', 'syscall/js.Value.Get', 'internal/abi.X', 'memeqbody'])
    assert.ok(isInternal(name), name);
  for (const name of ['main.main', 'fmt.Println', 'syscall.Read', 'example.com/internal/x.F', 'runtimes.F'])
    assert.ok(!isInternal(name), name);
});

test('a standard package’s first element has no dot', () => {
  assert.deepEqual(['fmt', 'net/http', 'main', 'example.com/a', ''].map(isStandard), [true, true, false, false, false]);
});

test('minor releases are read from every spelling', () => {
  const spelled = [
    'go1.26.11',
    'go1.27-devel_abc',
    'go1.21rc2',
    'devel go1.20-1234',
    '1.19',
    'go2',
    '',
    null,
    'go1.24 X:nodwarf5',
  ];
  assert.deepEqual(spelled.map(releaseOf), ['1.26', '1.27', '1.21', '1.20', '1.19', null, null, null, '1.24']);
});
