/** The module card as rows of words: what `Info` says, and what it does not. Pure. */
import type { Info, InstanceRow } from '../../src/session';
import type { Attached } from '../sourcemap/attached';
import { mapFact } from '../sourcemap/store';
import { bytes, clock, count } from '../widgets/format';

export interface Fact {
  name: string;
  /** In text colour. */
  value: string;
  /** After it, dimmed. */
  remark?: string;
  chip?: string;
  code?: boolean;
  /** The value is a link to this address in Sources. */
  url?: string;
}

const MISSING = 'not recorded';

/**
 * @param url where the module came from, '' when it was compiled from bytes or opened from a file
 * @param map what became of the source map that DevTools got; undefined for none
 */
export function moduleFacts(info: Info, name: string, url: string, map?: Attached): Fact[] {
  const { toolchain, settings, vcs, functions } = info;
  const facts: Fact[] = [
    { name: 'Module', value: info.modulePath ?? info.mainPath ?? name, remark: info.moduleVersion ?? undefined },
    { name: toolchain.kind === 'tinygo' ? 'TinyGo version' : 'Go version', value: toolchain.version ?? MISSING },
    {
      name: 'Target',
      value: targetOf(info),
      remark: settings.GOEXPERIMENT ? `GOEXPERIMENT ${settings.GOEXPERIMENT}` : '',
    },
    vcs
      ? { name: 'Revision', value: vcs.revision.slice(0, 12), code: true, chip: vcs.modified ? 'dirty' : undefined }
      : { name: 'Revision', value: MISSING },
    { name: 'Commit time', value: vcs?.time ? commitTime(vcs.time) : MISSING },
    { name: 'Size', value: bytes(info.size), remark: `${count(info.size)} bytes` },
    { name: 'Stripped', value: info.stripped ? 'Yes' : 'No', remark: strippedRemark(info) },
    { name: 'Trimpath', value: settings['-trimpath'] === 'true' ? 'Yes' : 'No' },
    functionsFact(functions, info.files),
    { name: 'Source map', ...mapFact(map, info.sourceMappingURL) },
    { name: 'URL', value: url ? url.replace(/^https?:\/\//, '') : name, url: url || undefined },
  ];
  if (info.mainPath && info.modulePath && info.mainPath !== info.modulePath) {
    facts.splice(1, 0, { name: 'Command', value: info.mainPath });
  }
  return facts;
}

/** `running`, `exited, code 2`: the words of the picker, exactly. */
export function stateWords(row: Pick<InstanceRow, 'state' | 'exitCode'>): string {
  return row.state === 'exited' ? `exited, code ${row.exitCode ?? '?'}` : row.state;
}

/** The colour of an instance's dot. */
export function stateTone(row: Pick<InstanceRow, 'state' | 'exitCode'> | null): 'good' | 'bad' | 'grey' | 'hollow' {
  if (!row) return 'hollow';
  if (row.state === 'running') return 'good';
  if (row.state === 'trapped') return 'bad';
  return row.state === 'exited' && row.exitCode !== 0 ? 'bad' : 'grey';
}

/** The card as Markdown, for a bug report. */
export function cardMarkdown(info: Info, name: string, url: string, map?: Attached): string {
  const facts = moduleFacts(info, name, url, map).map(
    ({ name: key, value, remark, chip }) => `| ${key} | ${cell([value, remark, chip].filter(Boolean).join(' '))} |`,
  );
  const settings = Object.entries(info.settings).map(([key, value]) => `| ${cell(key)} | ${cell(value)} |`);
  const dependencies = info.dependencies.map(
    ({ path, version, replace }) =>
      `| ${cell(path)} | ${cell(version)}${replace ? ` => ${cell(`${replace.path} ${replace.version}`)}` : ''} |`,
  );
  return [
    ...['| Module | |', '| --- | --- |', ...facts, ''],
    ...(settings.length > 0 ? ['| Build setting | |', '| --- | --- |', ...settings, ''] : []),
    ...(dependencies.length > 0 ? ['| Dependency | Version |', '| --- | --- |', ...dependencies, ''] : []),
  ].join('\n');
}

/** Since when it runs, as the State tile says. */
export function stateTile(row: InstanceRow | null): { value: string; note: string } {
  if (!row) return { value: 'Not running', note: 'opened from a file' };
  const words = stateWords(row);
  return {
    value: words.charAt(0).toUpperCase() + words.slice(1),
    note: `${row.state === 'running' ? 'since' : 'started'} ${clock(row.startedAt)}`,
  };
}

function targetOf({ toolchain }: Info): string {
  return toolchain.target === null ? MISSING : `${toolchain.target}/wasm`;
}

function strippedRemark(info: Info): string {
  if (info.toolchain.kind === 'tinygo') return info.hasDwarf ? 'DWARF is there' : '';
  return info.stripped ? 'names and lines remain in Go’s own tables' : '';
}

function functionsFact(functions: Info['functions'], files: number): Fact {
  if (functions.go === 0) return { name: 'Functions', value: count(functions.wasm), remark: 'not in Go’s tables' };
  return { name: 'Functions', value: count(functions.go), remark: `all named, ${count(files)} files` };
}

/** `2026-11-18 16:42 UTC` of an RFC 3339 time. */
function commitTime(time: string): string {
  const match = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2})(?::\d{2})?Z$/.exec(time);
  return match ? `${match[1]} ${match[2]} UTC` : time;
}

function cell(text: string): string {
  return text.replace(/[\r\n]+/g, ' ').replace(/[\\`*_[\]<>|]/g, '\\$&');
}
