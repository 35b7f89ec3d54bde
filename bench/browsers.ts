/**
 * Two browsers that differ in nothing but the extension, both alive, DevTools closed, so that what is measured in one can be
 * measured in the other a moment later. (The driver's own connection is there in both; it opens no DevTools window.)
 */
import { type Browser, launch } from '../tools/browser.mjs';
import { type Override, serve } from '../tools/serve.mjs';

export interface Two {
  origin: string;
  withIt: Browser;
  without: Browser;
}

/** Serves `site` and calls `use`; all is closed at the end. @param site by path */
export async function inTwoBrowsers<T>(site: Record<string, Override>, use: (two: Two) => Promise<T>): Promise<T> {
  const { origin, close } = await serve({ overrides: site });
  const browsers = await Promise.all([launch(), launch({ extension: null })]);
  try {
    return await use({ origin, withIt: browsers[0], without: browsers[1] });
  } finally {
    await Promise.all(browsers.map((browser) => browser.close()));
    await close();
  }
}
