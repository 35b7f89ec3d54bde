/**
 * The DWARF of a module, in it or in a second one, as places by module offset. Addresses of DWARF count from the code section's
 * payload (https://yurydelendik.github.io/webassembly-dwarf/), those of engines from the module's first byte. Where a second module
 * comes from, and whether it fits, is not known here.
 */
import { Dwarf, type DwarfFrame } from '../dwarf/dwarf';
import { SECTION_NAMES, Sections } from '../dwarf/sections';
import { bodyAt } from '../wasm/code';
import type { Module, Section } from '../wasm/module';
import type { Frame, Named, Places } from './frame';

export class DebugInfo implements Places {
  private constructor(
    private readonly module: Module,
    /** The module that has the sections; names that nobody else knows are looked up there too. */
    private readonly holder: Module,
    readonly dwarf: Dwarf,
    /** Module offset of the code section's payload. */
    private readonly start: number,
  ) {}

  /**
   * @param module whose offsets are asked; @param holder the module that has the sections, most often the same
   * @returns null when there is no debug information, or no code. @throws Malformed when none of it can be read
   */
  static open(module: Module, holder: Module): DebugInfo | null {
    const code = codeSection(module);
    const sections = new Sections(
      Object.fromEntries(
        SECTION_NAMES.flatMap((name) => {
          const section = holder.section(`.${name}`);
          return section ? [[name, { bytes: contentOf(holder, section), offset: section.offset }]] : [];
        }),
      ),
    );
    if (!code || sections.size('debug_info') === 0) return null;
    // The payload begins with the count of functions: address 0 is of functions that are not there any more.
    return new DebugInfo(module, holder, new Dwarf(sections, { from: 1, to: code.size }), code.offset);
  }

  locate(offset: number): Named | null {
    const frames = this.framesAt(offset);
    if (!frames) return null;
    const [inner] = frames;
    if (inner.line > 0) return { precision: 'exact', frames: frames.map(frameOf) };
    // Made by the compiler for no line, or its lines cannot be read.
    return {
      precision: 'function',
      frames: [{ ...frameOf(inner), ...inner.declared }, ...frames.slice(1).map(frameOf)],
    };
  }

  /** @returns the function that a body belongs to, and where that is declared; null when that is not known */
  functionAt(offset: number): Frame | null {
    const last = this.framesAt(offset)?.at(-1);
    return last ? { ...frameOf(last), ...last.declared } : null;
  }

  /** Frames of a function whose addresses are those of its body; null when nothing is known, or it is of other code. */
  private framesAt(offset: number): DwarfFrame[] | null {
    const frames = this.dwarf.frames(offset - this.start);
    const code = this.module.code();
    if (!frames || !code.ok || !code.value) return null;
    const { offsets, sizes } = code.value;
    const number = bodyAt(code.value, offset);
    if (number < 0) return null;
    const last = frames[frames.length - 1];
    const low = offsets[number] - this.start;
    // Compilers give a function the addresses of its body, all of them and no more (measured: clang 14, rustc 1.95, TinyGo, zig).
    // Tools that move code (walrus, wasm-opt 132) leave addresses that belong to something else now.
    if (last.range && (last.range.low !== low || last.range.high !== low + sizes[number])) {
      this.misfits++;
      return null;
    }
    // Its unit has no entry for it: compiled with -gline-tables-only.
    if (last.function === '') {
      const index = number + this.module.importedFunctions();
      last.function = nameIn(this.module, index) ?? nameIn(this.holder, index) ?? `wasm-function[${index}]`;
    }
    return frames;
  }

  /** Answers that were none, because their function has other addresses than the code. */
  private misfits = 0;

  /** What could not be read, lies elsewhere, or is of other code; one line each. */
  get warnings(): string[] {
    const { split } = this.dwarf;
    const all = [...this.dwarf.warnings];
    if (split !== null) all.push(`functions and lines are in ${split} and others; .dwo and .dwp files are not read`);
    if (this.misfits > 0)
      all.push('functions are not where it says: a tool changed the code and not its debug information');
    return all;
  }
}

function frameOf({ function: name, file, line, inlined }: DwarfFrame): Frame {
  return { function: name, file, line, inlined };
}

function nameIn(module: Module, index: number): string | null {
  const names = module.names();
  return names.ok ? (names.value?.name(index) ?? null) : null;
}

/** @returns the code section; null when there is none */
export function codeSection(module: Module): Section | null {
  return module.sections.find(({ id }) => id === 10) ?? null;
}

/** @returns the payload of a section */
export function contentOf(module: Module, { offset, size }: Section): Uint8Array {
  return module.bytes.subarray(offset, offset + size);
}
