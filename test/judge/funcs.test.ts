/**
 * js.Funcs that are read out of linear memory, against what the program says of each that it registers and releases: its id, and the
 * function it runs, by Go's own runtime.FuncForPC.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findFuncs } from '../../src/go/js-funcs';
import { Program } from '../../src/program';
import { runFuncs } from '../fixtures/funcs';
import { fixtureNames, openFixture } from '../fixtures/open';

const names = fixtureNames().filter((name) => name.includes('/funcs-'));

test('there are programs to be read', () => assert.ok(names.length >= 4));

for (const name of names) {
  test(`${name}: the js.Funcs that are registered are those that the program says`, () => {
    const { looks, functions, output } = runFuncs(name);
    assert.equal(output, '');
    for (const { label, told, counted, made, wrong } of looks) {
      assert.deepEqual({ counted, made, wrong }, { counted: told, made: true, wrong: [] }, `${label} ${told}`);
    }
    const seen = (label: string) => looks.filter((look) => look.label === label).map(({ told }) => told);
    assert.deepEqual(seen('none'), [0]);
    assert.deepEqual(
      seen('growing').slice(0, 100),
      Array.from({ length: 100 }, (_, i) => i + 1),
    );
    assert.deepEqual(seen('taking turns'), new Array(5000).fill(46));
    assert.deepEqual(seen('grown'), [46, 100, 1000, 5000, 3000, 20]);
    assert.deepEqual(seen('three left'), [3]);
    assert.deepEqual(seen('all released'), [0]);

    // The states that are hard to read were there.
    const program = new Program(openFixture(name));
    const count = (is: (look: (typeof looks)[number]) => boolean) => looks.filter(is).length;
    if (findFuncs(program.module, program.go).layout === 'buckets') {
      assert.ok(count(({ growing, sameSize }) => growing && !sameSize) > 50);
      assert.ok(count(({ sameSize }) => sameSize) > 0);
    } else {
      assert.ok(count(({ shared }) => shared > 0) > 0);
      assert.ok(count(({ deleted }) => deleted > 0) > 50);
    }

    // Functions of four kinds, each by the name that Go has for it.
    assert.equal(functions.length, 4);
    for (const [pcF, called] of functions) {
      const func = program.go.funcOf(pcF);
      assert.equal(func && program.go.nameOf(func), called);
    }
  });
}
