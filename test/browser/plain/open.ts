/** Opens a page and a DevTools window with the extension whose hook and panel are the plain ones of this folder. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, evaluate, launch, type Page, type Session, waitFor } from '../../../tools/browser.mjs';
import { buildExtension } from '../../../tools/bundle.mjs';
import { type Override, serve } from '../../../tools/serve.mjs';
import type { Realm } from './panel';

/**
 * @param pages by path
 * @param work gets the browser and the site's origin (without a slash)
 * @param options `hook`: another one than the plain one
 */
export async function withPlain(
  pages: Record<string, Override>,
  work: (browser: Browser, origin: string) => Promise<void>,
  { hook = 'test/browser/plain/hook.ts', ...options }: Parameters<typeof launch>[0] & { hook?: string } = {},
): Promise<void> {
  const extension = mkdtempSync(join(tmpdir(), 'gowasm-plain-'));
  const site = await serve({ overrides: pages });
  let browser: Browser | undefined;
  try {
    await buildExtension(extension, { hook, panel: 'test/browser/plain/panel.ts' });
    writeFileSync(join(extension, 'panel.html'), '<!doctype html><title>plain</title><script src="panel.js"></script>');
    browser = await launch({ extension, ...options });
    await work(browser, site.origin);
  } finally {
    await browser?.close();
    await site.close();
    rmSync(extension, { recursive: true, force: true });
  }
}

export const html = (body: string, headers: Record<string, string> = {}): Override => ({
  type: 'text/html',
  headers,
  body: `<!doctype html><title>page</title>${body}`,
});

/** Opens a page with DevTools on the plain panel. */
export async function inspect(browser: Browser, url: string) {
  const page = await browser.openPage(url);
  const devTools = await page.openDevTools();
  return { page, devTools, panel: await devTools.showPanel() };
}

/** Makes the hook of a frame speak. @param frame an expression for its window, in the page */
export const say = (page: Page, of: number, frame = 'window') =>
  evaluate<[], number>(page.session, `${frame}.say(${of})`);

/** @returns the panel's log once it holds event `of` (or all of them), in full */
export async function heard(panel: Session, ...of: number[]): Promise<string[][]> {
  await waitFor(
    panel,
    (wanted) => {
      const events = plain.log.filter(([type]) => type === 'event').map(([, , name]) => Number(name));
      return wanted.every((event) => events.includes(event));
    },
    of,
  );
  return await evaluate(panel, () => plain.log);
}

/** @returns the events of a log as numbers, in order */
export const events = (log: string[][]) => log.filter(([type]) => type === 'event').map(([, , of]) => Number(of));

/** @returns the panel's realms, once as many as wanted are open */
export async function openRealms(panel: Session, count: number): Promise<Realm[]> {
  try {
    return await waitFor(
      panel,
      (wanted) => {
        const open = plain.realms.filter((realm) => realm.open);
        return open.length === wanted && { open };
      },
      count,
    ).then((found) => (found as { open: Realm[] }).open);
  } catch (error) {
    const log = await evaluate(panel, () => plain.log);
    throw new Error(`there are never ${count} realms; what the panel was told: ${JSON.stringify(log)}`, {
      cause: error,
    });
  }
}
