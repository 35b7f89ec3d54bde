/**
 * Places of a module as a source map tells them that somebody else made (Emscripten, Binaryen, AssemblyScript, this tool): the
 * one generated line's columns are module offsets. Functions and inlined calls come from the map's scopes where it has them, else
 * the function's name is that of the name section, else the one that stands with the mapping.
 *
 * Exact is only where a mapping begins. What stands behind it in the same function most likely belongs to the same line: so DevTools
 * shows it, but nothing in a map says so.
 */
import { floorIndex } from '../bytes/search';
import type { Program } from '../program';
import type { Frame, Named, Places } from '../symbols/frame';
import { bodyAt } from '../wasm/code';
import type { Around } from './ranges';
import { type ReadMap, readSourceMap } from './read';
import { fileOf } from './sources';

/** @param text of the map. @throws Malformed when it cannot be read */
export function readPlaces(program: Program, text: string): Places {
  return new MapPlaces(program, readSourceMap(text, program.module.bytes.length));
}

class MapPlaces implements Places {
  private readonly parts: Int32Array;

  constructor(
    private readonly program: Program,
    private readonly map: ReadMap,
  ) {
    this.parts = Int32Array.from(map.ranges, ({ from }) => from);
  }

  locate(offset: number): Named | null {
    const { mappings } = this.map;
    const code = this.program.module.code();
    const number = code.ok && code.value ? bodyAt(code.value, offset) : -1;
    if (!code.ok || !code.value || number < 0) return null;
    const around = this.around(offset);
    const mapping = mappings.at(offset);
    // What was said of the function before is not meant for this one.
    const isOwn = mapping >= 0 && mappings.offset(mapping) >= code.value.offsets[number];
    const source = isOwn ? mappings.source(mapping) : -1;
    if (source < 0) return this.functionOnly(around, number);
    const name = mappings.name(mapping);
    const place = { file: this.file(source), line: mappings.line(mapping) };
    const frames = this.frames(around, number, place, name < 0 ? '' : this.map.names[name]);
    if (mappings.offset(mapping) === offset) return { precision: 'exact', frames };
    return { precision: 'candidates', frames, candidates: [place] };
  }

  /** Functions around an offset, innermost first, with indexes of the whole map. */
  private around(offset: number): Around[] {
    const part = this.map.ranges[floorIndex(this.parts, offset)];
    if (!part) return [];
    return part.ranges.around(offset).map(({ name, source, line, call, hidden }) => ({
      name: name < 0 ? -1 : part.names + name,
      source: part.sources + source,
      line,
      call: call && { source: part.sources + call.source, line: call.line },
      hidden,
    }));
  }

  private frames(around: Around[], number: number, place: { file: string; line: number }, name: string): Frame[] {
    const frames: Frame[] = [];
    let { file, line } = place;
    for (const { name, call, hidden } of around) {
      const frame: Frame = { function: name < 0 ? '' : this.map.names[name], file, line, inlined: call !== null };
      if (hidden) frame.wrapper = true;
      frames.push(frame);
      if (!call) return frames;
      file = this.file(call.source);
      line = call.line;
    }
    // The map does not say whose code this is in the end.
    const inlined = frames.length > 0;
    frames.push({ function: this.nameOf(number, inlined ? '' : name), file, line, inlined: false });
    return frames;
  }

  /** No line is known; perhaps the function is. */
  private functionOnly(around: Around[], number: number): Named | null {
    const last = around.at(-1);
    if (!last || last.call) return null;
    const name = last.name < 0 ? this.nameOf(number, '') : this.map.names[last.name];
    const frame: Frame = { function: name, file: this.file(last.source), line: last.line, inlined: false };
    return { precision: 'function', frames: [frame] };
  }

  private nameOf(number: number, otherwise: string): string {
    const { module } = this.program;
    const index = module.importedFunctions() + number;
    const names = module.names();
    const own = names.ok && names.value ? names.value.name(index) : null;
    return own || otherwise || `wasm-function[${index}]`;
  }

  private file(source: number): string {
    return fileOf(this.map.sources[source]);
  }
}
