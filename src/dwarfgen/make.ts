/**
 * DWARF for a Go module, which Go itself does not write (golang/go#33503): packages as units, functions, inlined calls, lines.
 *
 * Version 4, for everybody who reads DWARF on wasm reads it: clang 14 writes it there by default, TinyGo too, and it is the latest
 * that Binaryen's copy of LLVM's reader knows well (wasm-opt -g). Seen to read this: llvm-symbolizer and LLDB 14 (Chrome's C/C++
 * extension is made of LLDB), gimli and addr2line (wasmtime and Sentry are made of them).
 *
 * Nothing stands here that the Locator does not say: the place of an instruction that may belong to several lines is the most
 * likely one, in a row that is no statement; where only the function is known the line is 0.
 */
import { Malformed, must } from '../bytes/malformed';
import { Writer } from '../bytes/writer';
import type { Program } from '../program';
import { abbreviations } from './abbreviations';
import { type Bounds, Collector } from './collect';
import { InfoWriter } from './info';
import { visitPlaces } from './places';

export interface Dwarf {
  /** Custom sections by name, in the order they shall stand. */
  sections: [name: string, content: Uint8Array][];
  /** With code. */
  functions: number;
  /** Calls that were inlined. */
  inlined: number;
  units: number;
  /** Rows of lines, and how many of them are the most likely of several. */
  places: number;
  likely: number;
  /** Functions that could not be read, or not to their end. */
  unread: number;
}

/** What true modules need of each is a small part of this; hostile ones repeat a little input without end. */
function boundsOf(size: number): Bounds {
  return { units: 20_000, pieces: 100_000 + size / 8, paths: (4 << 20) + size };
}

/** @param producer who made this, for people @throws Malformed when the module is not Go's */
export function makeDwarf(program: Program, producer: string): Dwarf {
  const { module, go } = program;
  const code = module.section('code');
  if (!code) throw new Malformed('a code section', module.bytes.length);
  const collected = new Collector(must(go.lines()), code.offset, boundsOf(module.bytes.length));
  const failed = visitPlaces(program, collected);
  const writer = new InfoWriter(collected);
  const lines = new Writer();
  let [places, likely] = [0, 0];
  for (const unit of collected.units) {
    writer.unit(unit, producer, lines.length);
    unit.lines.write(lines);
    places += unit.lines.rows;
    likely += unit.lines.likely;
  }
  writer.finish();
  return {
    sections: [
      ['.debug_abbrev', abbreviations()],
      ['.debug_info', writer.info.done()],
      ['.debug_line', lines.done()],
      ['.debug_ranges', writer.ranges.done()],
      ['.debug_str', writer.strings.bytes.done()],
    ],
    functions: writer.functions,
    inlined: writer.inlined,
    units: collected.units.length,
    places,
    likely,
    unread: failed + collected.failed,
  };
}
