/** With the hook in it a page sees of WebAssembly what it sees without: shapes, errors and their stacks, order, events. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { evaluate } from '../../tools/browser.mjs';
import { withPages } from './page/open';

test('the six entries are as without the hook, but for the text of the functions', async () => {
  await withPages(async (open) => {
    const tell = async (hooked: boolean): Promise<Record<string, string>> => {
      const page = await open('/natives', hooked);
      assert.deepEqual(page.messages, []);
      return evaluate(page.session, 'tell()');
    };
    const without = await tell(false);
    const withHook = await tell(true);
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
