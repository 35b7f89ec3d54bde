/** Trees of a real recording against the stacks that the program told of itself by runtime.Callers at the same calls. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Recording } from '../../src/bridge/recording';
import { Sum } from '../../src/bridge/sums';
import { isInternal, type TreeName } from '../../src/bridge/tree';
import { Program } from '../../src/program';
import { record } from '../../tools/record.mjs';
import { readRecorded } from './recorded';

test('each call site of a real program has the stack and the count that Go tells, in both directions', () => {
  const { program, recorded } = record('test/fixtures/store/go1.27/judge-stripped.wasm.br', ['all']);
  const { batches, truths } = readRecorded(recorded);
  const opened = new Program(program);
  const recording = new Recording(() => opened);
  for (const batch of batches) assert.ok(recording.add(batch));

  const { rows } = recording.operations({ range: null, text: '', label: null });
  const row = rows.find(({ operation, target }) => operation === 'valueInvoke' && target === 'capture');
  assert.ok(row);
  assert.equal(row.count, truths.length);
  assert.ok(truths.length > 100);

  const told = truths.map((truth) =>
    truth
      .trimEnd()
      .split('\n')
      .map((line) => line.split('\t'))
      .filter(([name]) => !isInternal(name))
      .map(([name, file, line]) => `${name} ${file}:${line}`),
  );
  const say = (name: TreeName) =>
    name.kind === 'frame'
      ? `${name.function} ${name.file}:${name.line}`
      : name.kind === 'operation'
        ? `${name.operation} ${name.target}`
        : name.why;
  // Deeper stacks are cut by the recorder, and say so.
  const whole = told.filter((frames) => frames.length < 500);
  assert.equal(told.length - whole.length, 1);
  for (const kind of ['up', 'down'] as const) {
    const expected = new Map<string, number>();
    for (const frames of whole) {
      const path = ['valueInvoke capture', ...frames];
      const key = (kind === 'up' ? path : path.reverse()).join('\n');
      expected.set(key, (expected.get(key) ?? 0) + 1);
    }
    const { names, name, parents, sums } = recording.tree(kind, { range: null, text: '', label: row.label });
    // What ends at a node: its calls without those of its branches.
    const ends = Array.from(parents, (_, node) => sums[node * Sum.Columns + Sum.Count]);
    const paths = [''];
    for (let node = 1; node < parents.length; node++) {
      ends[parents[node]] -= sums[node * Sum.Columns + Sum.Count];
      paths[node] = (parents[node] > 0 ? `${paths[parents[node]]}\n` : '') + say(names[name[node]]);
    }
    const found = paths.map((path, node) => [path, ends[node]] as const).filter(([, count]) => count > 0);
    const cut = found.filter(([path]) => path.includes('callers not recorded'));
    assert.deepEqual(
      cut.map(([, count]) => count),
      [1],
    );
    assert.deepEqual(found.filter((one) => !cut.includes(one)).sort(), [...expected].sort());
  }
});
