/**
 * Module bytes that the extension makes a page keep while DevTools is closed. After a garbage collection every Blob,
 * ArrayBuffer and unread Response in the page's heap is asked, also those that only closures hold, of the page's world and of
 * the extension's: each that begins with wasm's magic number counts with its size. The page's own are not the extension's:
 * the same count without it is taken off.
 *
 * A page whose module cannot be had again, compiled from bytes, must show one copy: so it is known that the count sees.
 */
import { type Browser, evaluate, type Page } from '../tools/browser.mjs';
import type { Session } from '../tools/cdp.mjs';
import { inTwoBrowsers } from './browsers';
import type { Figure } from './figure';
import { demoSite, loopSite } from './site';

export const kept: Figure = {
  name: 'kept',
  what: 'module bytes kept for the demo while DevTools is closed',
  allowed: 0,
  bound: 'most',
  unit: 'bytes',
  measure: () =>
    inTwoBrowsers({ ...loopSite(), ...demoSite() }, async (two) => {
      const demo = (browser: Browser) => browser.openPage(`${two.origin}/`);
      const bytes = (browser: Browser) => browser.openPage(`${two.origin}/bytes.html`);
      const value = (await count(two.withIt, demo, 'programReady')) - (await count(two.without, demo, 'programReady'));
      const control = (await count(two.withIt, bytes, 'started')) - (await count(two.without, bytes, 'started'));
      if (control <= 0) throw new Error('a module compiled from bytes is not kept, or the count does not see it');
      return { value, details: `of a module that cannot be had again, ${control} bytes are kept` };
    }),
};

async function count(browser: Browser, open: (browser: Browser) => Promise<Page>, ready: string): Promise<number> {
  const page = await open(browser);
  await evaluate(page.session, ready);
  let bytes = 0;
  for (const context of await contexts(page.session)) bytes += await countIn(page.session, context);
  await page.close();
  return bytes;
}

/** The worlds of a page: its own and those of content scripts. */
async function contexts(session: Session): Promise<number[]> {
  const ids: number[] = [];
  const stop = session.on('Runtime.executionContextCreated', ({ context }) => ids.push(context.id));
  // Enabling tells of all contexts there are.
  await session.send('Runtime.disable');
  await session.send('Runtime.enable');
  stop();
  return ids;
}

async function countIn(session: Session, contextId: number): Promise<number> {
  let bytes = 0;
  for (const kind of ['ArrayBuffer', 'Blob', 'Response']) {
    const prototype = await session.send('Runtime.evaluate', { contextId, expression: `${kind}.prototype` });
    const { objects } = await session.send('Runtime.queryObjects', { prototypeObjectId: prototype.result.objectId });
    const { result, exceptionDetails } = await session.send('Runtime.callFunctionOn', {
      objectId: objects.objectId,
      functionDeclaration: `${modules}`,
      awaitPromise: true,
      returnByValue: true,
    });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    bytes += result.value;
  }
  return bytes;
}

/** Runs in the page with an array of buffers, blobs or responses. @returns bytes of those that are wasm modules */
async function modules(this: unknown[]): Promise<number> {
  let bytes = 0;
  for (const one of this) {
    let found: ArrayBuffer | Blob;
    try {
      if (one instanceof Response) found = await one.clone().arrayBuffer();
      else if (one instanceof Blob) found = one;
      else found = one as ArrayBuffer;
      const head = found.slice(0, 4);
      const magic = new DataView(head instanceof Blob ? await head.arrayBuffer() : head).getUint32(0);
      if (magic === 0x0061736d) bytes += found instanceof Blob ? found.size : found.byteLength;
    } catch {
      // A prototype, a response that was read, or too short for a module.
    }
  }
  return bytes;
}
