/** `gowasm dwarf FILE -o OUT`: the module with the DWARF that Go does not write, and the id of its build. */
import { alreadyThere, buildIdSection, withSections } from '../dwarfgen/append';
import { makeDwarf } from '../dwarfgen/make';
import { buildId, hexOf } from './build-id';
import { attachLines, BadInput, expectFiles, openProgram, readArguments, withFile } from './input';
import { writeTo } from './output';
import { bytes, printJson } from './print';

const USAGE = 'dwarf FILE -o OUT [--lines TABLE]';

export function dwarf(args: string[]): number {
  const read = readArguments(args, ['o', 'lines']);
  expectFiles(read, 1, 1, USAGE);
  const [out, ...more] = read.options.get('o') ?? [];
  if (out === undefined || more.length > 0) throw new BadInput(`usage: gowasm ${USAGE}`);
  const [file] = read.positional;
  const program = openProgram(file);
  const { module, go } = program;
  if (!go.isGo) throw new BadInput(`${file}: not made by Go`);
  // Not replaced either: whoever put it there knew more, or it was this command.
  const there = alreadyThere(module);
  if (there)
    throw new BadInput(`${file}: has a section ${there.name} already, at offset 0x${there.offset.toString(16)}`);
  attachLines(program, file, read.options.get('lines')?.at(-1));
  const producer = `Go cmd/compile${go.version ? ` ${go.version}` : ''}; DWARF by gowasm ${process.env.GOWASM_VERSION}`;
  const { sections, ...made } = withFile(file, () => makeDwarf(program, producer));
  const id = buildId(module.bytes);
  const parts = withSections(module, [...sections, ['build_id', buildIdSection(id)]]);
  const whole = Buffer.concat(parts);
  writeTo(out, whole);
  if (out === '-') return 0;
  const added = whole.length - module.bytes.length;
  if (read.json) printJson('dwarf', { ...made, buildId: hexOf(id), bytes: whole.length, added });
  else {
    const lost = made.unread > 0 ? `, ${made.unread} functions could not be read` : '';
    process.stdout.write(
      `${out}: ${made.functions} functions, ${made.inlined} inlined calls, ${made.places} places${lost}; ${bytes(added)} added\n`,
    );
  }
  return 0;
}
