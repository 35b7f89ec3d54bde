/** Programs of which a page keeps nothing. */
import assert from 'node:assert/strict';
import { evaluate } from '../../../tools/browser.mjs';
import type { Page } from './open';

declare global {
  interface Window {
    Go: new () => {
      argv: string[];
      importObject: WebAssembly.Imports;
      run(instance: WebAssembly.Instance): Promise<void>;
    };
    dropped: WeakRef<WebAssembly.Instance>[];
  }
}

/** Starts one that ends, one that waits for ever and one that never runs, and lets go of them. */
export const dropPrograms = (page: Page) =>
  evaluate(page.session, async () => {
    window.dropped = [];
    for (const scenario of ['nil-pointer', 'deadlock', '']) {
      const go = new window.Go();
      go.argv = ['judge', scenario];
      const { instance } = await WebAssembly.instantiateStreaming(fetch('/main.wasm'), go.importObject);
      window.dropped.push(new WeakRef(instance));
      if (scenario) void go.run(instance);
    }
  });

export async function assertGivenBack(page: Page): Promise<void> {
  let left = -1;
  for (let tries = 0; tries < 20 && left !== 0; tries++) {
    await page.session.send('HeapProfiler.collectGarbage');
    left = await evaluate(page.session, () => window.dropped.filter((each) => each.deref()).length);
  }
  assert.equal(left, 0);
}
