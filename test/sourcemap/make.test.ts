/** Source maps of real binaries, read by another library, say what pclntab says: at every call and every sure block. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping';
import { Program } from '../../src/program';
import { makeSourceMap } from '../../src/sourcemap/make';
import { sourceURL } from '../../src/sourcemap/sources';
import { openFixture, realBinaries } from '../fixtures/open';
import { rangesAt, readScopes, ScopeFinder } from './scopes-reader';

const FIXTURES = [
  'go1.27/judge-stripped',
  'go1.24/judge-wasmopt',
  'go1.19/judge-plain',
  'go1.11/judge-stripped',
  'go1.16/judge-stripped',
];

const modules = [
  ...FIXTURES.map((name) => ({ name, bytes: () => openFixture(name) })),
  ...realBinaries().filter(({ name }) => name === 'esbuild-wasm 0.25.12'),
];

for (const { name, bytes } of modules) {
  test(`${name}: every call has its line, its function and its inlined callers`, () => {
    const program = new Program(bytes());
    const { map, count, failed } = makeSourceMap(program, sourceURL);
    assert.equal(failed, 0);
    const trace = new TraceMap(JSON.stringify(map));
    const { ranges, scopes } = readScopes(map.scopes, map.names);
    const finder = new ScopeFinder(scopes);
    const code = program.module.code();
    assert.ok(code.ok && code.value);
    let calls = 0;
    let most = 0;
    for (let number = 0; number < code.value.offsets.length; number++) {
      for (const offset of program.locator.body(number)?.calls ?? []) {
        const located = program.locate(offset);
        if (located?.precision !== 'exact') continue;
        calls++;
        const { frames } = located;
        const place = originalPositionFor(trace, { line: 1, column: offset });
        const told = { source: place.source, line: place.line };
        assert.deepEqual(told, { source: sourceURL(frames[0].file), line: frames[0].line }, `at ${offset}`);
        const { found, looked } = rangesAt(ranges, offset);
        most = Math.max(most, looked);
        const chain = found.map(({ scope, callSite, isStackFrame }) => ({
          function: scope?.name,
          inlined: !isStackFrame,
          caller: callSite && `${map.sources[callSite.source]}:${callSite.line + 1}`,
          callerName: callSite && finder.at(callSite.source, callSite)?.name,
        }));
        const truth = frames.map((frame, i) => ({
          function: frame.function,
          inlined: frame.inlined,
          caller: frame.inlined ? `${sourceURL(frames[i + 1].file)}:${frames[i + 1].line}` : undefined,
          callerName: frame.inlined ? frames[i + 1].function : undefined,
        }));
        assert.deepEqual(chain, truth, `at ${offset}`);
      }
    }
    assert.ok(calls > 10_000, `${calls} calls`);
    assert.ok(count > calls / 4, `${count} places`);
    assert.ok(most < 600, `${most} ranges looked at`);
  });
}
