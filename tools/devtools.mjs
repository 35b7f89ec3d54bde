// What a user reads and does in Chrome's own Console and Sources: messages, breakpoints, the call stack of a pause. Like
// browser.mjs it knows Chromium's DevTools front end (module paths, class names), which is internal: read in
// chrome-devtools-frontend and tried with Chromium 156. Functions that run in the front end see their arguments only.
import { evaluate, waitFor } from './browser.mjs';
import { PATIENCE } from './cdp.mjs';

/**
 * @typedef {import('./cdp.mjs').Session} Session
 * @typedef {{ text: string, lines: string[], place: string }} Message `lines` of the text; `place`: the link at the right
 * @typedef {{ function: string, place: string }} ShownFrame a row of the Call Stack section, as it is read
 */

/** @param {Session} frontEnd @param {'console' | 'sources'} view @returns {Promise<void>} */
export const showView = (frontEnd, view) =>
  evaluate(
    frontEnd,
    async (id) => {
      const path = 'devtools://devtools/bundled/ui/legacy/legacy.js';
      const { ViewManager } = await import(path);
      await ViewManager.ViewManager.instance().showView(id);
    },
    view,
  );

/** Opens the drawer with the Console below another panel. @param {Session} frontEnd @returns {Promise<void>} */
export const showDrawer = (frontEnd) =>
  evaluate(frontEnd, async () => {
    const path = 'devtools://devtools/bundled/ui/legacy/legacy.js';
    const { InspectorView, ViewManager } = await import(path);
    InspectorView.InspectorView.instance().showDrawer({ focus: false, hasTargetDrawer: true });
    await ViewManager.ViewManager.instance().showView('console-view');
  });

/**
 * The messages of the Console in sight, once those that are waited for are there. DevTools fills a message in as it learns
 * of the frames in it.
 * @param {Session} frontEnd
 * @param {{ start: string, part: string, count?: number }[]} wanted at least `count` (1) messages begin with `start`, and each
 *   of these has `part` in it
 * @returns {Promise<Message[]>}
 */
export function consoleMessages(frontEnd, ...wanted) {
  return waitFor(
    frontEnd,
    (conditions) => {
      /** @param {Node} node @returns {string} */
      const textOf = (node) => {
        if (node.nodeType === Node.TEXT_NODE) return /** @type {Text} */ (node).data;
        if (node instanceof Element && (node.localName === 'style' || node.getAttribute('aria-hidden') === 'true'))
          return '';
        const inside = node instanceof Element && node.shadowRoot ? [node.shadowRoot] : [...node.childNodes];
        return inside.map(textOf).join('');
      };
      const messages = [...document.querySelectorAll('.console-message-wrapper .console-message')].map((message) => {
        const anchor = message.querySelector('.console-message-anchor');
        const place = anchor ? textOf(anchor).trim() : '';
        const body = message.querySelector('.console-message-text');
        const text = body ? textOf(body).trim() : '';
        return { text, place, lines: text.split('\n').map((line) => line.trim()) };
      });
      const met = conditions.every(({ start, part, count = 1 }) => {
        const begun = messages.filter(({ text }) => text.startsWith(start));
        return begun.length >= count && begun.every(({ text }) => text.includes(part));
      });
      return met && messages;
    },
    wanted,
  );
}

/**
 * Waits for a source of a source map in Sources.
 * @param {Session} frontEnd @param {string} end of its URL
 * @returns {Promise<{ url: string, text: string }>}
 */
export function sourceOf(frontEnd, end) {
  return waitFor(
    frontEnd,
    async (suffix) => {
      const path = 'devtools://devtools/bundled/models/workspace/workspace.js';
      const { Workspace } = await import(path);
      const codes = Workspace.WorkspaceImpl.instance().uiSourceCodes();
      const code = codes.find((/** @type {any} */ one) => one.url().endsWith(suffix));
      if (!code) return null;
      const content = await code.requestContentData();
      return { url: code.url(), text: content.text };
    },
    end,
  );
}

/**
 * Waits until a source of a source map has a text with these words: a map that is attached again brings its own.
 * @param {Session} frontEnd @param {string} end of its URL @param {string} words
 * @returns {Promise<string>} the text
 */
export function sourceWith(frontEnd, end, words) {
  return waitFor(
    frontEnd,
    async (suffix, part) => {
      const path = 'devtools://devtools/bundled/models/workspace/workspace.js';
      const { Workspace } = await import(path);
      const codes = Workspace.WorkspaceImpl.instance().uiSourceCodes();
      const code = codes.find((/** @type {any} */ one) => one.url().endsWith(suffix));
      const text = code && (await code.requestContentData()).text;
      return text?.includes(part) && text;
    },
    end,
    words,
  );
}

/**
 * Sets a breakpoint in a source, as a click on the line number does.
 * @param {Session} frontEnd @param {string} url @param {number} line from 1
 * @returns {Promise<void>}
 */
export async function setBreakpoint(frontEnd, url, line) {
  await evaluate(
    frontEnd,
    async (wanted, at) => {
      const bundled = 'devtools://devtools/bundled/';
      const { Workspace } = await import(`${bundled}models/workspace/workspace.js`);
      const { BreakpointManager } = await import(`${bundled}models/breakpoints/breakpoints.js`);
      const code = Workspace.WorkspaceImpl.instance().uiSourceCodeForURL(wanted);
      const breakpoint = await BreakpointManager.BreakpointManager.instance().setBreakpoint(
        ...[code, at - 1, undefined, '', true, false, 'USER_ACTION'],
      );
      await breakpoint.updateBreakpoint();
    },
    url,
    line,
  );
}

/** Removes all breakpoints. @param {Session} frontEnd @returns {Promise<void>} */
export const removeBreakpoints = (frontEnd) =>
  evaluate(frontEnd, async () => {
    const path = 'devtools://devtools/bundled/models/breakpoints/breakpoints.js';
    const { BreakpointManager } = await import(path);
    const manager = BreakpointManager.BreakpointManager.instance();
    for (const { breakpoint } of manager.allBreakpointLocations()) await breakpoint.remove(false);
  });

/**
 * Waits for a pause and chooses its thread, as a click in the section Threads does: with several, DevTools may go back to the
 * page's when another of its panels loads.
 * @param {Session} frontEnd
 */
const choosePaused = (frontEnd) =>
  waitFor(frontEnd, async () => {
    const bundled = 'devtools://devtools/bundled/';
    const { Target, TargetManager, DebuggerModel } = await import(`${bundled}core/sdk/sdk.js`);
    const { Context } = await import(`${bundled}ui/legacy/legacy.js`);
    const models = TargetManager.TargetManager.instance().models(DebuggerModel.DebuggerModel);
    const paused = models.find((/** @type {any} */ model) => model.isPaused());
    if (!paused) return false;
    const context = Context.Context.instance();
    if (context.flavor(Target.Target) !== paused.target()) context.setFlavor(Target.Target, paused.target());
    return true;
  });

/**
 * Waits for a pause and reads the Call Stack section of Sources.
 * @param {Session} frontEnd
 * @returns {Promise<ShownFrame[]>} innermost first
 */
export async function callStack(frontEnd) {
  for (const end = Date.now() + PATIENCE; ; ) {
    await choosePaused(frontEnd);
    const shown = await evaluate(frontEnd, shownFrames);
    if (shown) return shown;
    if (Date.now() > end) throw new Error('DevTools shows no call stack');
    await new Promise((wake) => setTimeout(wake, 50));
  }
}

/** Runs in the front end. @returns {ShownFrame[] | null} null while the section is being filled */
function shownFrames() {
  /** @param {ParentNode} root @returns {Element[]} */
  const find = (root) =>
    [...root.querySelectorAll('*')].flatMap((element) => [
      ...(element.matches('.call-frame-item:not(.async-header)') ? [element] : []),
      ...(element.shadowRoot ? find(element.shadowRoot) : []),
    ]);
  const rows = find(document).filter((row) => row.getBoundingClientRect().height > 0);
  // A step leaves the rows of the pause before for a moment; each pause makes new ones.
  if (rows.some((row) => row.hasAttribute('data-before'))) return null;
  const frames = rows.map((row) => ({
    function: row.querySelector('.call-frame-title-text, .call-frame-item-title')?.textContent?.trim() ?? '',
    place: row.querySelector('.call-frame-location')?.textContent?.trim() ?? '',
  }));
  // The places come a moment later than the rows.
  return frames.length > 0 && frames.every(({ place }) => place) ? frames : null;
}

/**
 * Presses a button of the debugger, and waits for the next pause, or for the program to run.
 * @param {Session} frontEnd @param {'step-over' | 'step-into' | 'step-out' | 'resume'} action
 * @returns {Promise<void>}
 */
export async function press(frontEnd, action) {
  await choosePaused(frontEnd);
  await evaluate(frontEnd, markFrames);
  await evaluate(
    frontEnd,
    async (name, patience) => {
      const bundled = 'devtools://devtools/bundled/';
      const { TargetManager, DebuggerModel } = await import(`${bundled}core/sdk/sdk.js`);
      const { ActionRegistry } = await import(`${bundled}ui/legacy/legacy.js`);
      const models = TargetManager.TargetManager.instance().models(DebuggerModel.DebuggerModel);
      const paused = models.find((/** @type {any} */ model) => model.isPaused());
      if (!paused) throw new Error(`not paused, so there is no ${name}`);
      const { Events } = DebuggerModel;
      const wanted = name === 'resume' ? Events.DebuggerResumed : Events.DebuggerPaused;
      const done = paused.once(wanted);
      const id = name === 'resume' ? 'debugger.toggle-pause' : `debugger.${name}`;
      await ActionRegistry.ActionRegistry.instance().getAction(id).execute();
      const late = new Promise((_, reject) => setTimeout(reject, patience, new Error(`${name} had no effect`)));
      await Promise.race([done, late]);
    },
    action,
    PATIENCE,
  );
}

/** Runs in the front end: tells the rows that are shown now from those of the next pause. */
function markFrames() {
  /** @param {ParentNode} root */
  const mark = (root) => {
    for (const element of root.querySelectorAll('*')) {
      if (element.matches('.call-frame-item')) element.setAttribute('data-before', '');
      if (element.shadowRoot) mark(element.shadowRoot);
    }
  };
  mark(document);
}

/**
 * Starts or stops a recording of the Performance panel.
 * @param {Session} frontEnd
 * @param {boolean} on resolves when it records, or when it has been told to end
 */
export async function profile(frontEnd, on) {
  await evaluate(frontEnd, async () => {
    const bundled = 'devtools://devtools/bundled';
    const { TimelinePanel } = await import(`${bundled}/panels/timeline/timeline.js`);
    const { ViewManager } = await import(`${bundled}/ui/legacy/legacy.js`);
    await ViewManager.ViewManager.instance().showView('timeline');
    TimelinePanel.TimelinePanel.instance().toggleRecording();
  });
  if (!on) return;
  await waitFor(frontEnd, async () => {
    const path = 'devtools://devtools/bundled/panels/timeline/timeline.js';
    const { TimelinePanel } = await import(path);
    return TimelinePanel.TimelinePanel.instance().state === 'Recording';
  });
}

/**
 * Waits until the Performance panel shows a recording.
 * @param {Session} frontEnd
 * @returns {Promise<{ group: string, track: string, names: string[] }[]>} the tracks in it that extensions and pages made
 */
export const extensionTracks = (frontEnd) =>
  waitFor(frontEnd, async () => {
    const path = 'devtools://devtools/bundled/panels/timeline/timeline.js';
    const { TimelinePanel } = await import(path);
    const data = TimelinePanel.TimelinePanel.instance().model?.parsedTrace(0)?.data.ExtensionTraceData;
    return data?.extensionTrackData.flatMap((/** @type {any} */ group) =>
      Object.entries(group.entriesByTrack).map(([track, entries]) => ({
        group: group.name,
        track,
        names: entries.map((/** @type {any} */ entry) => entry.name),
      })),
    );
  });
