/**
 * runtime.modinfo: what `go version -m` would show, which cannot read wasm. Lies in the data image between two markers
 * (cmd/go/internal/modload/build.go ModInfoData, infoStart and infoEnd); text form of runtime/debug/mod.go ParseBuildInfo.
 * There is no `go:buildinfo` section on wasm.
 */
import { Malformed } from '../bytes/malformed';
import { text } from '../bytes/reader';
import type { Image } from './image';

export interface ModuleVersion {
  path: string;
  version: string;
}

export interface BuildInfo {
  /** Import path of the main package. */
  path: string | null;
  main: ModuleVersion | null;
  dependencies: (ModuleVersion & { replace?: ModuleVersion })[];
  /** Build settings in the order they stand: `-ldflags`, `GOOS`, `vcs.revision`, … */
  settings: [string, string][];
}

const START = [0x30, 0x77, 0xaf, 0x0c, 0x92, 0x74, 0x08, 0x02, 0x41, 0xe1, 0xc1, 0x07, 0xe6, 0xd6, 0x18, 0xe6];
const END = [0xf9, 0x32, 0x43, 0x31, 0x86, 0x18, 0x20, 0x72, 0x00, 0x82, 0x42, 0x10, 0x41, 0x16, 0xd8, 0xf2];

/** Thousands of dependencies fit; what is longer is not modinfo. */
const MOST_TEXT = 1 << 20;

/** @returns null when the program was built without module information. @throws Malformed when a start has no end */
export function readBuildInfo(image: Image): BuildInfo | null {
  const start = indexOf(image.bytes, START, 0, image.bytes.length);
  if (start < 0) return null;
  const from = start + START.length;
  const end = indexOf(image.bytes, END, from, Math.min(from + MOST_TEXT, image.bytes.length));
  if (end < 0) throw new Malformed('the end of runtime.modinfo', image.base + start);
  return parse(text(image.bytes.subarray(from, end)));
}

function indexOf(bytes: Uint8Array, marker: number[], from: number, to: number): number {
  for (let at = bytes.indexOf(marker[0], from); at >= 0 && at < to; at = bytes.indexOf(marker[0], at + 1)) {
    if (marker.every((byte, i) => bytes[at + i] === byte)) return at;
  }
  return -1;
}

function parse(lines: string): BuildInfo {
  const info: BuildInfo = { path: null, main: null, dependencies: [], settings: [] };
  for (const line of lines.split('\n')) {
    const [kind, ...fields] = line.split('\t');
    const [path = '', version = ''] = fields;
    if (kind === 'path') info.path = path;
    else if (kind === 'mod') info.main = { path, version };
    else if (kind === 'dep') info.dependencies.push({ path, version });
    else if (kind === '=>') {
      const last = info.dependencies.at(-1);
      if (last) last.replace = { path, version };
    } else if (kind === 'build') {
      const setting = parseSetting(fields.join('\t'));
      if (setting) info.settings.push(setting);
    }
  }
  return info;
}

/** `key=value`, either side a Go string literal where it has blanks, quotes or `=`. */
function parseSetting(text: string): [string, string] | null {
  const match = /^("(?:[^"\\]|\\.)*"|`[^`]*`|[^=]*)=(.*)$/.exec(text);
  return match ? [unquote(match[1]), unquote(match[2])] : null;
}

function unquote(text: string): string {
  if (/^`[^`]*`$/.test(text)) return text.slice(1, -1);
  if (!/^".*"$/.test(text)) return text;
  return text
    .slice(1, -1)
    .replace(/\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|(.))/gi, (_, byte, unit, plain) =>
      plain
        ? ({ n: '\n', t: '\t', r: '\r' }[plain as string] ?? plain)
        : String.fromCharCode(Number.parseInt(byte ?? unit, 16)),
    );
}
