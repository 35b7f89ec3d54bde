/** The map at every instruction, against the compiler's own listing: without a line table, and with it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping';
import { encodeTable } from '../../src/lines/table';
import { Program } from '../../src/program';
import { makeSourceMap } from '../../src/sourcemap/make';
import { sourceURL } from '../../src/sourcemap/sources';
import { openFixture } from '../fixtures/open';
import { linesOf } from '../lines/listings';

for (const name of ['go1.27/judge-stripped', 'go1.21/judge-stripped']) {
  test(`${name}: right for four of five instructions by itself, for all with the line table`, () => {
    const plain = new Program(openFixture(name));
    const exact = new Program(openFixture(name));
    assert.ok(exact.attachLines(encodeTable(linesOf(name).table)).ok);
    const [without, withTable] = [plain, exact].map(
      (program) => new TraceMap(JSON.stringify(makeSourceMap(program, sourceURL).map)),
    );
    const code = exact.module.code();
    assert.ok(code.ok && code.value);
    let [asked, right, wrong] = [0, 0, 0];
    for (let number = 0; number < code.value.offsets.length; number++) {
      if (!exact.exactLines()?.knows(number)) continue;
      for (const column of exact.locator.body(number)?.instructions ?? []) {
        const frame = exact.locate(column)?.frames[0];
        if (!frame || frame.line === 0) continue;
        const tells = (map: TraceMap) => {
          const { source, line } = originalPositionFor(map, { line: 1, column });
          return source === sourceURL(frame.file) && line === frame.line;
        };
        asked++;
        if (tells(without)) right++;
        if (!tells(withTable)) wrong++;
      }
    }
    assert.ok(asked > 50_000, `${asked} instructions`);
    assert.ok(right > 0.8 * asked, `${right} of ${asked}`);
    assert.equal(wrong, 0);
  });
}
