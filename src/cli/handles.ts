/** `gowasm handles DUMP FILE`: the JavaScript values that Go held when a dump was taken, where each was made, which leak. */
import { handlesJson, handlesText, type Report } from '../handles/report';
import { Tables } from '../handles/tables';
import type { HandlesWanted } from '../handles/view';
import type { Program } from '../program';
import { BadInput, expectFiles, openProgram, readArguments, readBytes } from './input';
import { printJson } from './print';

const USAGE = 'handles DUMP FILE [--all] [--json]';

/** Everything, by place. */
const WHOLE: HandlesWanted = {
  ...{ snapshot: 1, against: null, group: 'site', text: '', suspects: false, open: {} },
  sort: { by: 'count', up: false },
};

export async function handles(args: string[]): Promise<number> {
  const read = readArguments(args, [], ['all']);
  expectFiles(read, 2, 2, USAGE);
  const [from, file] = read.positional;
  if (from === '-' && file === '-') throw new BadInput('standard input cannot be both the dump and the module');
  const dump = readBytes(from);
  const report = await readReport(from, dump, file, openProgram(file));
  if (read.json) {
    const { format, ...json } = handlesJson(report);
    printJson('handles', json);
  } else process.stdout.write(handlesText(report, read.flags.has('all')));
  return 0;
}

/** @throws BadInput for what is no dump, and for one of another module: its lines would be wrong */
async function readReport(from: string, dump: Uint8Array, file: string, program: Program): Promise<Report> {
  const tables = new Tables(
    () => program,
    () => program,
    () => [program],
  );
  const opened = await tables.dumpOpen(dump, file);
  if (!opened.ok) throw new BadInput(`${from}: ${opened.why}`);
  const { realm, instance } = opened.value;
  const report = tables.handlesReport(realm, instance, WHOLE);
  if (!report) throw new BadInput(`${from}: expected a table of handles at offset 0x0`);
  return report;
}
