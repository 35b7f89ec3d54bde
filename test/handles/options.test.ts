/** What the page is told of a program: as the readers of the program have it, and no more where they fail. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { frameTable, proofOf, staticRange } from '../../src/bridge/frames';
import { findFuncs } from '../../src/go/js-funcs';
import { handleOptions, whyNoFuncs } from '../../src/handles/options';
import { Tables } from '../../src/handles/tables';
import { Program } from '../../src/program';
import { openFixture } from '../fixtures/open';
import { tiny } from '../go/tiny';

test('a program of a known release: its stacks, its js.Funcs and the cycles of its collector', () => {
  const program = new Program(openFixture('go1.27/judge-stripped'));
  const tables = new Tables(
    () => null,
    (key) => (key === 'judge.wasm' ? program : null),
    () => [],
  );
  const { watch, table } = tables.handleOptions('judge.wasm')!;
  assert.deepEqual(watch, { proof: proofOf(program)!, frames: frameTable(program), ...staticRange(program) });
  assert.deepEqual(table.proof, watch.proof);
  assert.deepEqual(table.funcs, findFuncs(program.module, program.go));
  const collector = program.go.collectorState();
  assert.equal(table.numgc, collector.ok && collector.value.numgc);
  assert.ok(table.numgc > 0);
  assert.equal(
    whyNoFuncs(program),
    'Which js.Funcs are registered is not known: the page found no such map in memory.',
  );
  assert.equal(tables.handleOptions('other.wasm'), null);
});

test('a program without js.Funcs and without a collector that is known', () => {
  const program = new Program(tiny().bytes);
  const { watch, table } = handleOptions(program);
  assert.ok(watch.frames);
  assert.deepEqual([table.funcs, table.numgc], [null, 0]);
  assert.match(whyNoFuncs(program), /^Which js\.Funcs are registered is not known: .+\.$/);
  assert.match(whyNoFuncs(null), /has not been read\.$/);
});
