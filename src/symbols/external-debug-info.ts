/**
 * Debug information that lies in a second module: who names it (tool-conventions Debugging.md, `external_debug_info`), and whether one
 * that is handed over belongs to the first. Fetches nothing.
 */
import { attempt, lazily, type Outcome } from '../bytes/malformed';
import { floorIndex } from '../bytes/search';
import { Module } from '../wasm/module';
import { codeSection, contentOf, DebugInfo } from './debug-info';

/** @returns the URL of the module that has this one's debug information, as it stands there; null when it names none */
export function externalDebugInfo(module: Module): string | null {
  const section = module.section('external_debug_info');
  return (section && attempt(() => module.reader(section).name())) || null;
}

/**
 * Opens the second module of a first: one with its build id, else with its code; where neither can be compared, one whose addresses
 * are those of the first one's functions.
 * @returns why not, when it is of another build, has no debug information, or cannot be read
 */
export function openExternal(module: Module, bytes: Uint8Array): Outcome<DebugInfo> {
  const opened = lazily(() => new Module(bytes))();
  if (!opened.ok) return opened;
  const second = opened.value;
  const sameBuild = same(module, second, 'build_id');
  const sameCode = sameBuild ?? same(module, second, 'code');
  if (sameCode === false)
    return refused(`of another build: the ${sameBuild === false ? 'build ids differ' : 'code differs'}`);
  const info = lazily(() => DebugInfo.open(module, second))();
  if (!info.ok) return info;
  const { value } = info;
  if (!value) return refused('without debug information');
  if (sameCode === null && !startsAgree(module, value))
    return refused('of another build: its functions start elsewhere');
  return { ok: true, value };
}

function refused(why: string): Outcome<never> {
  return { ok: false, why: `the second module is ${why}` };
}

/** @returns whether both have equal content in a section; null when one of them lacks it */
function same(first: Module, second: Module, name: string): boolean | null {
  const [a, b] = [first.section(name), second.section(name)];
  if (!a || !b) return null;
  if (a.size !== b.size) return false;
  const [left, right] = [contentOf(first, a), contentOf(second, b)];
  return left.every((byte, i) => byte === right[i]);
}

/** Whether most ranges of units start at the first byte of a body; tools that rewrite code spoil some. */
function startsAgree(module: Module, { dwarf }: DebugInfo): boolean {
  const code = module.code();
  const start = codeSection(module)?.offset ?? 0;
  if (!code.ok || !code.value) return false;
  const { offsets } = code.value;
  let agree = 0;
  let all = 0;
  dwarf.eachRange((low) => {
    all++;
    if (offsets[floorIndex(offsets, low + start)] === low + start) agree++;
  });
  return agree * 2 >= all;
}
