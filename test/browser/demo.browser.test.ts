/** Every mistake of the demo, clicked in the real browser with the real panel open: one entry, at the right Go line. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { type Browser, launch, type Session, waitFor } from '../../tools/browser.mjs';
import { demoFiles } from '../../tools/demo.mjs';
import { makeFail } from '../../tools/demo-page.mjs';
import { selectError, shownErrors, shownStack, unfoldStack } from '../../tools/panel.mjs';
import { filesAt, serve } from '../../tools/serve.mjs';

interface Expected {
  kind: string;
  title: string;
  place: { function: string; file: string; marker: string } | null;
  stack: string[];
  followUps: string[];
}

const demo = join(process.env.GOWASM_ROOT ?? '', 'demo');
const expected: Record<string, Expected> = JSON.parse(readFileSync(join(demo, 'failures.json'), 'utf8'));

test('every mistake of the demo', async (t) => {
  const site = await serve({ overrides: filesAt(demoFiles()) });
  let browser: Browser | undefined;
  try {
    // Tall, so that no row of a stack is out of sight.
    browser = await launch({ width: 1280, height: 1600 });
    const page = await browser.openPage('about:blank');
    const devTools = await page.openDevTools();
    const panel = await devTools.showPanel();
    await forgetOldLoads(panel);
    for (const [name, wanted] of Object.entries(expected)) {
      await t.test(name, async () => {
        await page.goto(`${site.origin}/?${name}`);
        await makeFail(page.session, name);
        await judge(panel, wanted);
      });
    }
  } finally {
    await browser?.close();
    await site.close();
  }
});

/** Unchecks "Preserve log", so that each load begins with an empty list. */
async function forgetOldLoads(panel: Session) {
  await waitFor(panel, () => {
    const label = [...document.querySelectorAll('label')].find((one) => one.textContent?.includes('Preserve log'));
    const box = label?.querySelector('input') ?? label?.control;
    if (box instanceof HTMLInputElement && box.checked) box.click();
    return box instanceof HTMLInputElement && !box.checked;
  });
}

async function judge(panel: Session, wanted: Expected) {
  await waitFor(
    panel,
    (titles) => {
      const shown = [...document.querySelectorAll('[role="option"] .first .title')].map((title) => title.textContent);
      return titles.every((title) => shown.includes(title));
    },
    [wanted.title, ...wanted.followUps],
  ).catch(async (error) => {
    throw new Error(`shown: ${JSON.stringify(await shownErrors(panel))}`, { cause: error });
  });
  const errors = await shownErrors(panel);
  const causes = errors.filter(({ followUp }) => !followUp).map(({ title }) => title);
  // What comes after an exit is told below that exit.
  assert.deepEqual(causes, [wanted.kind === 'follow-up' ? 'Exited with code 0' : wanted.title]);
  if (!wanted.place) return;
  await selectError(panel, wanted.title);
  // The names come with the module's bytes, which may be a moment later than the failure.
  await waitFor(
    panel,
    (name) => document.querySelector(`[aria-label="Go stack"] [title="${name}"]`),
    wanted.place.function,
  );
  await unfoldStack(panel);
  // Rows that were folded are drawn with the next frame. What is missing for good is said below.
  await waitFor(
    panel,
    (names) => names.every((name) => document.querySelector(`[aria-label="Go stack"] [title="${name}"]`)),
    wanted.stack,
  ).catch(() => undefined);
  const stack = await shownStack(panel);
  const told = JSON.stringify(stack, null, 1);

  const { place } = wanted;
  const line = `${place.file}:${lineOf(place.file, place.marker)}`;
  assert.ok(
    stack.some(({ function: name, places }) => name === place.function && places.includes(line)),
    `${place.function} at ${line} is not in ${told}`,
  );
  let at = 0;
  for (const { function: name } of stack) if (name === wanted.stack[at]) at++;
  assert.equal(at, wanted.stack.length, `${wanted.stack[at]} is not where it should be in ${told}`);
}

/** @returns the line with the comment `// FAIL <marker>` */
function lineOf(file: string, marker: string): number {
  const text = readFileSync(join(demo, file.replace('example.com/demo/', '')), 'utf8');
  const lines = text.split('\n').flatMap((line, i) => (line.includes(`// FAIL ${marker}`) ? [i + 1] : []));
  assert.equal(lines.length, 1, `${file} has the mark ${marker} in lines ${lines}`);
  return lines[0];
}
