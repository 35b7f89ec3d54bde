/** With hook and recorder in it a page sees of WebAssembly what it sees without: shapes, errors and their stacks, order, events. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { evaluate } from '../../tools/browser.mjs';
import { type Beside, withPages } from './page/open';

for (const beside of ['hook', 'recorder'] as const)
  test(`the six entries are as without the ${beside}, but for the text of the functions`, async () => {
    await withPages(async (open) => {
      const tell = async (what: Beside): Promise<Record<string, string>> => {
        const page = await open('/natives', what);
        assert.deepEqual(page.messages, []);
        return evaluate(page.session, 'tell()');
      };
      const without = await tell('nothing');
      const withHook = await tell(beside);
      assert.ok(Object.keys(without).length > 170, `${Object.keys(without).length} questions`);
      for (const name of ['instantiate', 'instantiateStreaming', 'compile', 'compileStreaming', 'Module', 'Instance']) {
        // A Proxy of a native prints as a native without a name.
        assert.equal(without[`text of ${name}`], `function ${name}() { [native code] }`);
        assert.equal(withHook[`text of ${name}`], 'function () { [native code] }');
        delete without[`text of ${name}`];
        delete withHook[`text of ${name}`];
      }
      assert.deepEqual(withHook, without);
    });
  });
