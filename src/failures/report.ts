/**
 * One failure, or many, as text, Markdown or JSON: for bug reports, for terminals, for machines.
 * Plain functions over `Failure`; nothing is looked up. What came from the page is escaped where the format needs it.
 */
import type { Failure, FrameRow, StackRow, Words } from './failure';
import { fullPlace, placesOf, shortPlace } from './place';

/** What a report says of the binary, where it is known. */
export interface ModuleFacts {
  name: string;
  mainPath: string | null;
  goVersion: string | null;
  revision: string | null;
  modified: boolean;
  size: number;
  stripped: boolean;
}

/** Source lines around a frame; `first` is the number of the first one, `marked` the lines in question. */
export interface Excerpt {
  file: string;
  first: number;
  lines: string[];
  marked: number[];
}

export interface ReportContext {
  module?: ModuleFacts | null;
  excerpt?: Excerpt | null;
}

/** @returns plain text, Go's own way of writing a stack: function, then tab and file:line */
export function toText(failure: Failure, context: ReportContext = {}): string {
  const out = [failure.message || failure.title];
  if (failure.count > 1) out.push(`(${failure.count} times)`);
  if (failure.what.length > 0) out.push('', `What happened. ${plainWords(failure.what)}`);
  if (failure.todo.length > 0) out.push(`What to do. ${plainWords(failure.todo)}`);
  if (failure.problem) out.push('', failure.problem);
  const { goroutine } = failure;
  out.push('', goroutine?.id != null ? `goroutine ${goroutine.id} [${goroutine.state}]:` : 'Go stack:');
  for (const row of failure.stack.rows) out.push(...textRow(row, ''));
  if (goroutine?.createdBy) {
    const { createdBy } = goroutine;
    const parent = createdBy.goroutine == null ? '' : ` in goroutine ${createdBy.goroutine}`;
    out.push(`created by ${createdBy.function}${parent}`, `\t${fullPlace(createdBy)}`);
  }
  if (failure.stack.note) out.push('', failure.stack.note);
  if (context.module) out.push('', ...factsOf(context.module).map(([name, value]) => `${name}: ${value}`));
  return `${out.join('\n')}\n`;
}

/** @returns Markdown: title, explanation, stack table, excerpt, module facts */
export function toMarkdown(failure: Failure, context: ReportContext = {}): string {
  const out = [`### ${escapeMarkdown(oneLine(failure.title))}`, ''];
  if (failure.count > 1) out.push(`Seen ${failure.count} times.`, '');
  if (failure.what.length > 0) out.push(`**What happened.** ${markdownWords(failure.what)}`, '');
  if (failure.todo.length > 0) out.push(`**What to do.** ${markdownWords(failure.todo)}`, '');
  if (failure.problem) out.push(escapeMarkdown(failure.problem), '');
  if (failure.message.includes('\n')) out.push(...fenced(failure.message, ''), '');
  if (failure.stack.rows.length > 0) {
    out.push('| # | Function | Location | Line |', '| --: | --- | --- | --- |');
    let number = 0;
    for (const row of failure.stack.rows) number = markdownRow(row, number, out);
    out.push('');
  }
  if (failure.stack.note) out.push(escapeMarkdown(failure.stack.note), '');
  if (context.excerpt) out.push(`${code(context.excerpt.file)}`, '', ...fenced(excerptText(context.excerpt), 'go'), '');
  if (context.module) out.push(...factsOf(context.module).map(([name, value]) => `- ${name}: ${code(value)}`), '');
  return out.join('\n');
}

/** @returns every failure whole, as one JSON object */
export function toJson(failures: Failure[], context: ReportContext = {}): string {
  return `${JSON.stringify({ format: 'gowasm.failures/1', module: context.module ?? null, failures }, null, 2)}\n`;
}

/** Words without links and type. */
export function plainWords(words: Words): string {
  return words.map((word) => (typeof word === 'string' ? word : spelled(word))).join('');
}

function spelled(word: Exclude<Words[number], string>): string {
  if ('place' in word) return shortPlace(word.place);
  return 'code' in word ? word.code : word.text;
}

function textRow(row: StackRow, indent: string): string[] {
  if (row.kind === 'js') return [`${indent}JS: ${row.text}`];
  if (row.kind === 'gap') return [`${indent}… ${row.why} …`];
  if (row.kind === 'run') {
    const head = `${indent}${times(row.rows.length, row.times)}:`;
    return [head, ...row.rows.flatMap((each) => textRow(each, `${indent}  `))];
  }
  const place = placeText(row);
  return [`${indent}${row.function}${row.inlined ? ' (inlined)' : ''}`, ...(place ? [`${indent}\t${place}`] : [])];
}

/** Adds one row, or the rows of a run; @returns the number of the next frame */
function markdownRow(row: StackRow, number: number, out: string[]): number {
  if (row.kind === 'js') {
    out.push(`| | JS: ${code(row.text)} | | |`);
    return number;
  }
  if (row.kind === 'gap') {
    out.push(`| | *${escapeMarkdown(row.why)}* | | |`);
    return number;
  }
  if (row.kind === 'run') {
    out.push(`| | *${times(row.rows.length, row.times)}* | | |`);
    row.rows.forEach((each, i) => {
      markdownRow(each, number + i, out);
    });
    return number + row.times * row.rows.length;
  }
  const inlined = row.inlined ? ' *inlined*' : '';
  const place = placeText(row);
  out.push(`| ${number} | ${code(row.function)}${inlined} | ${place ? code(place) : ''} | ${precisionText(row)} |`);
  return number + 1;
}

/** `exact`, `one of 2 lines`, `likely` (one candidate, not proved), `function only` or `unknown`: the panel's Line column. */
export function precisionText(row: Pick<FrameRow, 'precision' | 'candidates'>): string {
  const lines = row.candidates?.length ?? 0;
  if (row.precision === 'candidates') return lines > 1 ? `one of ${lines} lines` : 'likely';
  if (row.precision === 'function') return 'function only';
  return row.precision;
}

function placeText(row: FrameRow): string {
  return placesOf(row).map(fullPlace).join(' or ');
}

function times(frames: number, count: number): string {
  const what = frames === 1 ? 'This frame' : `These ${frames} frames`;
  return `${what} × ${count.toLocaleString('en')}`;
}

function factsOf(module: ModuleFacts): [string, string][] {
  const facts: [string, string][] = [['Module', `${module.name}${module.mainPath ? ` (${module.mainPath})` : ''}`]];
  if (module.goVersion) facts.push(['Go version', module.goVersion]);
  if (module.revision) facts.push(['Revision', module.revision + (module.modified ? ' (dirty)' : '')]);
  facts.push(['Size', `${module.size} bytes${module.stripped ? ', stripped' : ''}`]);
  return facts;
}

function excerptText(excerpt: Excerpt): string {
  const width = String(excerpt.first + excerpt.lines.length - 1).length;
  return excerpt.lines
    .map((text, i) => {
      const line = excerpt.first + i;
      return `${excerpt.marked.includes(line) ? '>' : ' '} ${String(line).padStart(width)}  ${text}`.trimEnd();
    })
    .join('\n');
}

function markdownWords(words: Words): string {
  return words.map((word) => (typeof word === 'string' ? escapeMarkdown(word) : code(spelled(word)))).join('');
}

/** A fence longer than any run of backticks inside. */
function fenced(text: string, language: string): string[] {
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  return [fence + language, text, fence];
}

/** Inline code that also holds inside a table cell. */
function code(text: string): string {
  return `\`${oneLine(text).replaceAll('`', "'").replaceAll('|', '\\|')}\``;
}

function escapeMarkdown(text: string): string {
  return flat(text).replace(/[\\`*_[\]<>|#]/g, '\\$&');
}

function oneLine(text: string): string {
  return flat(text).trim();
}

function flat(text: string): string {
  return text.replace(/\s*[\r\n]+\s*/g, ' ');
}
