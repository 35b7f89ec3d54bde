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
    const frames = this.dwarf.frames(offset - this.start);
    if (!frames || !this.name(frames, offset)) return null;
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
    const last = this.dwarf.frames(offset - this.start)?.at(-1);
    return last && last.function !== '' ? { ...frameOf(last), ...last.declared } : null;
  }

  /** Names the function that is really there when DWARF does not. @returns whether it has a name */
  private name(frames: DwarfFrame[], offset: number): boolean {
    const last = frames[frames.length - 1];
    if (last.function === '') {
      const code = this.module.code();
      if (!code.ok || !code.value) return false;
      const index = bodyAt(code.value, offset) + this.module.importedFunctions();
      last.function = nameIn(this.module, index) ?? nameIn(this.holder, index) ?? `wasm-function[${index}]`;
    }
    return true;
  }

  /** What could not be read, or lies elsewhere; one line each. */
  get warnings(): string[] {
    const { split, warnings } = this.dwarf;
    const elsewhere = `functions and lines are in ${split} and others; .dwo and .dwp files are not read`;
    return split === null ? warnings : [...warnings, elsewhere];
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
