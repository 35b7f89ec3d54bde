/**
 * Go symbol names: how the runtime prints them, which package they belong to, and whose code that is.
 * Sources: runtime/symtab.go funcNameForPrint (1.21–1.27), cmd/internal/objabi/path.go PathToPrefix (escapes).
 */
import type { PclntabVersion } from './pclntab';

/**
 * A name as runtime.CallersFrames and tracebacks spell it: the shapes of a generic function become `[...]`. Before 1.18
 * there were no generics and brackets in names mean what they say.
 */
export function printedName(name: string, version: PclntabVersion): string {
  if (version === '1.2' || version === '1.16') return name;
  const open = name.indexOf('[');
  const close = name.lastIndexOf(']');
  return open < 0 || close <= open ? name : `${name.slice(0, open)}[...]${name.slice(close + 1)}`;
}

/**
 * @returns import path of the package of a symbol, escapes resolved: `gopkg.in/yaml%2ev3.Marshal` → `gopkg.in/yaml.v3`;
 * '' for names that belong to none (`memeqbody`, `type:.eq.main.T`)
 */
export function packageOf(name: string): string {
  if (/^(type[:.]|go[:.]|_rt0|wasm_)/.test(name)) return '';
  const bracket = name.indexOf('[');
  const plain = bracket < 0 ? name : name.slice(0, bracket);
  const dot = plain.indexOf('.', plain.lastIndexOf('/') + 1);
  return dot < 0
    ? ''
    : plain.slice(0, dot).replace(/%([0-9a-f]{2})/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/**
 * Whether a function is the machinery under every program: the runtime, its helpers in assembly and the bridge. Such
 * frames are dimmed and folded; the standard library otherwise counts as code the user called.
 */
export function isInternal(name: string): boolean {
  const path = packageOf(name);
  return (
    path === '' ||
    path === 'runtime' ||
    path.startsWith('runtime/') ||
    path === 'syscall/js' ||
    path.startsWith('internal/')
  );
}

/** Whether a package is the standard library's: its first path element has no dot, and it is not `main`. */
export function isStandard(path: string): boolean {
  const first = path.split('/', 1)[0];
  return path !== 'main' && first !== '' && !first.includes('.');
}
