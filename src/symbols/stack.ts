/**
 * Lines of stack text, whoever printed them: V8, SpiderMonkey, JavaScriptCore, Chrome's Console, and Go's own tracebacks.
 * Says what a line is and what it tells; looks nothing up.
 *
 * Wasm frames:   V8            at main.f (http://h/main.wasm:wasm-function[1801]:0x18373f)
 *                SpiderMonkey  main.f@http://h/main.wasm:wasm-function[1801]:0x18373f
 *                JSC           <?>.wasm-function[1801]@[wasm code]          (no offset; a name where the module has names)
 *                DevTools      $main.f @ main.wasm:0x18373f                 (no index)
 *                CallSites     at http://h/main.wasm:1:1587008              (line 1, column = offset + 1)
 * Go tracebacks: runtime/traceback.go printing (1.11–1.27).
 */

export type StackLine =
  | WasmLine
  | { kind: 'js' }
  | { kind: 'goroutine'; id: number; state: string }
  | { kind: 'go-function'; name: string; inlined: boolean; createdBy: boolean; inGoroutine: number | null }
  | { kind: 'go-place'; file: string; line: number; block: number | null }
  | { kind: 'elided'; count: number | null }
  | { kind: 'text' };

export interface WasmLine {
  kind: 'wasm';
  /** Wasm function index, imports counted; null when the engine gave only an offset or a name. */
  index: number | null;
  /** Module offset; null when the engine gave none. */
  offset: number | null;
  /** Function name from the module's name section, as the engine printed it; '' for none. */
  name: string;
  /** What the engine calls the module: a URL, a file name, or ''. */
  url: string;
}

/** Longer lines are no frames; patterns never see them. */
const MOST_LINE = 4096;

const INDEX_AND_OFFSET = /wasm-function\[(\d{1,10})\]:0x([0-9a-f]{1,8})/i;
const JSC = /^(.*?)wasm-function\[([^\]]{1,2000})\]@\[wasm code\]/;
const INDEX_ONLY = /wasm-function\[(\d{1,10})\]/;
const DEVTOOLS = /\.wasm:0x([0-9a-f]{1,8})\b/i;
const CALL_SITE = /:1:(\d{1,10})\)?$/;
const WASM_URL = /\.wasm$|^wasm:\/\/wasm\/[0-9a-z-]+$/i;
const V8_FRAME = /^\s*at (.+)$/;
const JS_PLACE = /:\d+:\d+\)?$|\(<anonymous>\)$|\(native\)$|^\s*at (?:async )?(?:<anonymous>|native)/;
const SPIDERMONKEY_JS = /^[^@\s][^@]*@.+:\d+:\d+$|^@.+:\d+:\d+$|^[^@]*@\[native code\]$/;
const GOROUTINE = /^goroutine (\d{1,18})(?: gp=\S+ m=\S+(?: mp=\S+)?)? \[([^\]]{1,200})\](?: \{.*\})?:$/;
const GO_PLACE = /^\t(.+):(\d{1,9})(?: \+0x([0-9a-f]{1,8}))?(?: fp=0x[0-9a-f]+ sp=0x[0-9a-f]+ pc=0x[0-9a-f]+)?$/;
const CREATED_BY = /^created by (.+?)(?: in goroutine (\d{1,18}))?$/;
const ELIDED = /^\.\.\.(?:additional frames elided\.\.\.|(\d{1,9}) frames elided\.\.\.)/;

/** @returns what one line of text is; never fails */
export function readLine(line: string): StackLine {
  if (line.length > MOST_LINE) return { kind: 'text' };
  return readWasm(line) ?? readGo(line) ?? readJs(line) ?? { kind: 'text' };
}

function readWasm(line: string): WasmLine | null {
  const full = INDEX_AND_OFFSET.exec(line);
  if (full) {
    const before = line.slice(0, full.index).replace(/:$/, '');
    return { kind: 'wasm', index: Number(full[1]), offset: Number.parseInt(full[2], 16), ...nameAndUrl(before) };
  }
  const jsc = JSC.exec(line);
  if (jsc) {
    const isIndex = /^\d{1,10}$/.test(jsc[2]);
    const url = jsc[1]
      .trimStart()
      .replace(/\.$/, '')
      .replace(/^<\?>$/, '');
    return { kind: 'wasm', index: isIndex ? Number(jsc[2]) : null, offset: null, name: isIndex ? '' : jsc[2], url };
  }
  const devtools = DEVTOOLS.exec(line);
  if (devtools) {
    const { before, url } = lastWord(line.slice(0, devtools.index + '.wasm'.length));
    const name = before
      .replace(/^(?:at )?\$?/, '')
      .replace(/[@(]$/, '')
      .trimEnd();
    return { kind: 'wasm', index: null, offset: Number.parseInt(devtools[1], 16), name, url };
  }
  const trimmed = line.trimEnd();
  const site = CALL_SITE.exec(trimmed);
  if (site && Number(site[1]) > 0) {
    const { url } = lastWord(trimmed.slice(0, site.index));
    if (WASM_URL.test(url)) return { kind: 'wasm', index: null, offset: Number(site[1]) - 1, name: '', url };
  }
  const bare = INDEX_ONLY.exec(line);
  if (!bare) return null;
  const before = line.slice(0, bare.index).replace(/:$/, '');
  return { kind: 'wasm', index: Number(bare[1]), offset: null, ...nameAndUrl(before) };
}

/** Splits off the URL at the end of a text: what follows the last blank, without an opening parenthesis. */
function lastWord(text: string): { before: string; url: string } {
  const blank = Math.max(text.lastIndexOf(' '), text.lastIndexOf('\t'));
  return { before: text.slice(0, blank + 1).trim(), url: text.slice(blank + 1).replace(/^\(/, '') };
}

/** Splits `    at name (url` of V8 and `name@url` of SpiderMonkey. */
function nameAndUrl(before: string): { name: string; url: string } {
  const v8 = /^\s*at (?:async )?(?:(.*) \()?(\S*)$/.exec(before);
  if (v8) return { name: v8[1] ?? '', url: v8[2] };
  const at = before.lastIndexOf('@');
  if (at >= 0) return { name: before.slice(0, at).trim(), url: before.slice(at + 1) };
  const words = before.trim().split(/\s+/);
  return { name: '', url: (words.at(-1) ?? '').replace(/^[(<"']/, '') };
}

function readGo(line: string): StackLine | null {
  const goroutine = GOROUTINE.exec(line);
  if (goroutine) return { kind: 'goroutine', id: Number(goroutine[1]), state: goroutine[2] };
  const place = GO_PLACE.exec(line);
  if (place) {
    const block = place[3] === undefined ? null : Number.parseInt(place[3], 16);
    return { kind: 'go-place', file: place[1], line: Number(place[2]), block };
  }
  const elided = ELIDED.exec(line);
  if (elided) return { kind: 'elided', count: elided[1] === undefined ? null : Number(elided[1]) };
  const created = CREATED_BY.exec(line);
  if (created) {
    const inGoroutine = created[2] === undefined ? null : Number(created[2]);
    return { kind: 'go-function', name: created[1], inlined: false, createdBy: true, inGoroutine };
  }
  const open = line.endsWith(')') ? line.lastIndexOf('(') : -1;
  if (open <= 0) return null;
  // Names in assembly have no package (`memeqbody`), nor has gopanic, which is printed as `panic`.
  const name = line.slice(0, open);
  if (/\s/.test(name)) return null;
  return { kind: 'go-function', name, inlined: line.slice(open) === '(...)', createdBy: false, inGoroutine: null };
}

function readJs(line: string): StackLine | null {
  const v8 = V8_FRAME.exec(line);
  if (v8 ? JS_PLACE.test(line) : SPIDERMONKEY_JS.test(line)) return { kind: 'js' };
  return null;
}

export interface ReadLine {
  input: string;
  line: StackLine;
}

/** Reads a whole text. A Go function line counts only with its place on the next line; alone it is text. */
export function readStack(text: string): ReadLine[] {
  const inputs = text.split('\n').map((input) => input.replace(/\r$/, ''));
  const lines = inputs.map((input) => ({ input, line: readLine(input) }));
  for (let i = 0; i < lines.length; i++) {
    const { line } = lines[i];
    const isGo = line.kind === 'go-function';
    if (isGo && lines[i + 1]?.line.kind !== 'go-place') lines[i].line = { kind: 'text' };
    if (line.kind === 'go-place' && lines[i - 1]?.line.kind !== 'go-function') lines[i].line = { kind: 'text' };
  }
  return lines;
}
