// npm start: the demo in Chromium, with the extension loaded and DevTools open on its panel.
//   npm start -- --headless    (also where there is no display): lets the demo fail, prints what the panel shows, ends
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { ensureChromium, ensureNode, ensurePackages, explain, Missing, root } from './ensure.mjs';

/** The mistake that is made when nobody is there to click. */
const FAILURE = 'nil-map';

try {
  const [option, ...more] = process.argv.slice(2);
  if ((option && option !== '--headless') || more.length)
    throw new Missing(`npm start: unknown option ${more[0] ?? option}`);
  ensureNode();
  ensurePackages();
  const chrome = ensureChromium();
  const { build } = await import('./bundle.mjs');
  await build();
  const { demoFiles } = await import('./demo.mjs');
  const { filesAt, serve } = await import('./serve.mjs');
  const site = await serve({ overrides: filesAt(demoFiles()) });
  try {
    await (option || !hasDisplay() ? headless : interactive)(chrome, `${site.origin}/`);
  } finally {
    await site.close();
  }
} catch (error) {
  explain(error);
}

function hasDisplay() {
  if (process.platform === 'darwin' || process.platform === 'win32') return true;
  return Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
}

/** Opens a window and waits until the user closes it. */
async function interactive(chrome, url) {
  const { launch } = await import('./browser.mjs');
  const refused = refusal(chrome);
  const browser = await launch({ chrome, headless: false, docked: true, width: 1600, height: 1000 });
  try {
    const page = await browser.openPage(url);
    const devTools = await page.openDevTools();
    if (!refused) await devTools.showPanel();
    console.log(
      refused || `The demo is at ${url}: click a failing button. Close the browser, or press Ctrl+C, to end.`,
    );
    await Promise.race([browser.exited, new Promise((resolve) => process.once('SIGINT', resolve))]);
  } finally {
    await browser.close();
  }
}

/** Lets the demo fail, prints the panel's stack and where a picture of it lies. */
async function headless(chrome, url) {
  const { launch, waitFor } = await import('./browser.mjs');
  const { makeFail } = await import('./demo-page.mjs');
  const { shownErrors, shownStack, unfoldStack } = await import('./panel.mjs');
  const refused = refusal(chrome);
  if (refused) throw new Missing(refused);
  const browser = await launch({ chrome, width: 1280, height: 860 });
  try {
    const page = await browser.openPage(url);
    const devTools = await page.openDevTools();
    const panel = await devTools.showPanel();
    await makeFail(page.session, FAILURE);
    await waitFor(panel, () => document.querySelector('[aria-label="Go stack"] [role="gridcell"]'));
    // The source comes from the server a moment later.
    await waitFor(panel, (text) => document.body.textContent?.includes(text), `// FAIL ${FAILURE}`);
    const folder = join(root, '.build');
    mkdirSync(folder, { recursive: true });
    const picture = join(folder, 'panel.png');
    await devTools.screenshot(picture);
    const [error] = await shownErrors(panel);
    console.log(`${error.name}\n`);
    await unfoldStack(panel);
    const stack = await shownStack(panel);
    for (const frame of stack) console.log(`${frame.function}\n    ${frame.places.join(' or ')}  ${frame.line}`);
    console.log(`\nScreenshot: ${relative(process.cwd(), picture)}`);
  } finally {
    await browser.close();
  }
}

/** @returns one line when this browser takes no extension from the command line, else '' */
function refusal(chrome) {
  if (process.platform === 'win32') return '';
  const version = execFileSync(chrome, ['--version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  const [, major] = /^Google Chrome (\d+)/.exec(version) ?? [];
  if (!(Number(major) >= 137)) return '';
  return `${version.trim()} loads no extension from the command line: open chrome://extensions, turn on Developer mode, choose "Load unpacked" and take ${join(root, 'dist', 'extension')} (or set CHROME_PATH to Chromium).`;
}
