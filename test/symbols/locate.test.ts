/** Who is asked about an offset, and in which order. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Program } from '../../src/program';
import type { Named, Places } from '../../src/symbols/frame';
import { openFixture } from '../fixtures/open';

const named = (name: string): Named => ({
  precision: 'exact',
  frames: [{ function: name, file: 'x.go', line: 7, inlined: false }],
});
/** Knows every offset, or none. */
const reader = (answer: Named | null): Places => ({ locate: () => answer });

function open(fixture: string) {
  const program = new Program(openFixture(fixture));
  const code = program.module.code();
  assert.ok(code.ok && code.value);
  return { program, offset: code.value.offsets[0] };
}

test('an exact line table is asked before pclntab, DWARF and source maps after it', () => {
  const { program, offset } = open('go1.27/judge-stripped');
  const { locator } = program;
  const own = locator.locate(offset);
  assert.equal(own?.via, 'pclntab');
  locator.attach('sourcemap', () => reader(named('map')));
  locator.attach('dwarf', () => reader(named('dwarf')));
  assert.deepEqual(locator.locate(offset), own);
  locator.attach('exact', () => reader(null));
  assert.deepEqual(locator.locate(offset), own);
  locator.attach('exact', () => reader(named('table')));
  const { functionIndex } = own as { functionIndex: number };
  assert.deepEqual(locator.locate(offset), { functionIndex, offset, via: 'exact', ...named('table') });
});

test('without pclntab DWARF is asked, then the source map, then the name section', () => {
  const { program, offset } = open('other/clang-dwarf');
  const { locator } = program;
  locator.attach('dwarf', () => null);
  assert.equal(locator.locate(offset)?.via, 'names');
  locator.attach('sourcemap', () => reader(named('map')));
  assert.equal(locator.locate(offset)?.via, 'sourcemap');
  locator.attach('dwarf', () => reader(named('dwarf')));
  assert.equal(locator.locate(offset)?.via, 'dwarf');
});

test('a reader is opened only when it is needed', () => {
  const { program, offset } = open('go1.27/judge-stripped');
  program.locator.attach('dwarf', () => assert.fail('asked'));
  assert.equal(program.locate(offset)?.via, 'pclntab');
});
