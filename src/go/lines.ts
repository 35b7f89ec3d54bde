/**
 * From a place in a Go function (function number, resume block) to Go frames: line, file and inlined callers.
 * Inline trees by release: 1.11 parent + file + line of the call; 1.12–1.19 20 bytes with parentPc; 1.20 on 16 bytes with
 * startLine (runtime/symtab.go, runtime/symtabinl.go inlinedCall). Knows nothing of wasm bodies.
 */
import { Malformed } from '../bytes/malformed';
import type { Frame, Place } from '../symbols/frame';
import type { Image } from './image';
import { printedName } from './names';
import type { Func, Pclntab } from './pclntab';
import { EMPTY, type PcTable } from './pcvalue';

/** How a release keeps inline trees. */
export interface InlineFormat {
  /** PCDATA_InlTreeIndex and FUNCDATA_InlTree (runtime/funcdata.h). */
  pcdata: number;
  funcdata: number;
  /** Shape of a node: 1.11, 1.12–1.19, 1.20 on. */
  node: 'parent' | 'parentPc' | 'startLine';
}

export interface InlineCall {
  nameOff: number;
  funcID: number;
  /** Block of the call in the enclosing function; -1 before 1.12, where `file` and `line` stand instead. */
  parentPc: number;
  parent: number;
  file: number;
  line: number;
  /** Line of the inlined function's `func`; 0 before 1.20. */
  startLine: number;
}

/** Which file (a value for `Pclntab.file`), line and node of the inline tree each block has; -1 for none. */
export interface FunctionTables {
  files: PcTable;
  lines: PcTable;
  nodes: PcTable;
  /** For `inlineCall`; null when there is none, or it cannot be found though `nodes` says so. */
  tree: number | null;
}

/** Deeper nests of inlined calls do not occur: the compiler's budget ends them at a few dozen. */
const MOST_INLINED = 256;
/** A program with more circles among its inlined calls than this is hostile; then no inlined frames are read at all. */
const MOST_CIRCLES = 64;

export class Lines {
  private circles = 0;

  constructor(
    private readonly image: Image,
    readonly pclntab: Pclntab,
    private readonly format: InlineFormat,
    /** Base of funcdata offsets; null before 1.18, or when it could not be found: then inlined frames are missing. */
    private readonly gofunc: number | null,
    /** Wrapper functions' funcID in this release, which Go's tracebacks leave out; -1 in Go 1.11. */
    private readonly wrapperID: number,
  ) {}

  /** Name of a function as the runtime prints it. */
  functionName(func: Func): string {
    return printedName(this.pclntab.name(func.nameOff), this.pclntab.version);
  }

  /** File of the function itself and the line of its `func` keyword, or of its first known instruction before Go 1.20. */
  start(func: Func): { file: string; line: number } {
    if (this.lacksTree(func, 0)) return { file: '', line: func.startLine };
    const frames = this.frames(func, 0);
    const { file, line } = frames[frames.length - 1];
    return { file, line: func.startLine > 0 ? func.startLine : line };
  }

  /** All places of a function's own or inlined code at one block, innermost first. @throws Malformed */
  frames(func: Func, block: number): Frame[] {
    const { pclntab } = this;
    const files = pclntab.table(func.pcfile);
    const lines = pclntab.table(func.pcln);
    const inlined = this.inlineTable(func);
    // The line is that of an inlined function, whose name nobody knows: under another name it would be wrong.
    if (this.lacksTree(func, block)) throw new Malformed('the inline tree of a function', func.funcdata);
    const place = { file: pclntab.file(func, files.at(block)), line: Math.max(lines.at(block), 0) };
    return this.framesAround(func, inlined ? inlined.indexes.at(block) : -1, place);
  }

  /**
   * All places around one, innermost first.
   * @param node of the function's inline tree, -1 for its own code
   * @param place what the innermost frame says
   * @throws Malformed
   */
  framesAround(func: Func, node: number, place: Place): Frame[] {
    const { pclntab } = this;
    const files = pclntab.table(func.pcfile);
    const lines = pclntab.table(func.pcln);
    const inlined = this.inlineTable(func);
    if (!inlined && node >= 0) throw new Malformed('the inline tree of a function', func.funcdata);
    const frames: Frame[] = [];
    let { file, line } = place;
    let index = node;
    while (inlined && index >= 0) {
      if (frames.length === MOST_INLINED) {
        this.circles++;
        throw new Malformed('an inline tree without a circle', inlined.tree);
      }
      const call = this.inlineCall(inlined.tree, index);
      const name = printedName(pclntab.name(call.nameOff), pclntab.version);
      frames.push(this.frame(name, file, line, true, call.funcID));
      if (call.parentPc >= 0) {
        file = pclntab.file(func, files.at(call.parentPc));
        line = Math.max(lines.at(call.parentPc), 0);
        index = inlined.indexes.at(call.parentPc);
      } else {
        file = pclntab.file(func, call.file);
        line = call.line;
        index = call.parent;
      }
    }
    frames.push(this.frame(this.functionName(func), file, line, false, func.funcID));
    return frames;
  }

  private frame(name: string, file: string, line: number, inlined: boolean, funcID: number): Frame {
    const frame: Frame = { function: name, file, line, inlined };
    // Go 1.11 has no such ID and tells wrappers by their file (runtime/symtab.go, traceback.go).
    if (this.wrapperID < 0 ? file === '<autogenerated>' : funcID === this.wrapperID) frame.wrapper = true;
    return frame;
  }

  /** Whether a block is inlined code and the tree that names it cannot be found, for want of `gofunc`. */
  private lacksTree(func: Func, block: number): boolean {
    const { pcdata, funcdata } = this.format;
    if (this.gofunc !== null || !this.pclntab.needsGofunc || funcdata >= func.nfuncdata) return false;
    return this.pclntab.pcdata(func, pcdata).at(block) >= 0;
  }

  /** The tables of one function, for those who ask about many of its blocks and want no frames. @throws Malformed */
  tables(func: Func): FunctionTables {
    const inlined = this.inlineTable(func);
    const lost = this.gofunc === null && this.pclntab.needsGofunc && this.format.funcdata < func.nfuncdata;
    return {
      files: this.pclntab.table(func.pcfile),
      lines: this.pclntab.table(func.pcln),
      nodes: inlined || lost ? this.pclntab.pcdata(func, this.format.pcdata) : EMPTY,
      tree: inlined ? inlined.tree : null,
    };
  }

  private inlineTable(func: Func) {
    const indexes = this.pclntab.pcdata(func, this.format.pcdata);
    if (indexes.size === 0 || this.circles > MOST_CIRCLES) return null;
    const tree = this.pclntab.funcdata(func, this.format.funcdata, this.gofunc);
    return tree === null ? null : { indexes, tree };
  }

  /**
   * Whether the function's inline tree reads like one: every node names a function and hangs on a block of this function.
   * @returns null when the function has no inlined calls. @throws Malformed
   */
  treeFits(func: Func): boolean | null {
    const inlined = this.inlineTable(func);
    if (!inlined) return null;
    const size = this.pclntab.table(func.pcln).size;
    for (const index of inlined.indexes.values) {
      if (index < 0) continue;
      const call = this.inlineCall(inlined.tree, index);
      if (call.parentPc < 0 || call.parentPc >= size || call.startLine < 0) return false;
      if (!this.pclntab.isNameStart(call.nameOff)) return false;
    }
    return true;
  }

  /** One node of an inline tree. @throws Malformed */
  inlineCall(tree: number, index: number): InlineCall {
    const { node } = this.format;
    const at = tree + index * (node === 'parentPc' ? 20 : 16);
    const i32 = (offset: number) => this.image.u32(at + offset, 'an inlined call') | 0;
    if (node === 'startLine') {
      const funcID = i32(0) & 0xff;
      return { funcID, nameOff: i32(4), parentPc: i32(8), startLine: i32(12), parent: -1, file: -1, line: 0 };
    }
    if (node === 'parent') {
      const parent = i32(0);
      // A parent comes before its child, so a walk up the tree ends.
      if (parent >= index) throw new Malformed('a parent before its inlined call', at);
      return { funcID: 0, nameOff: i32(12), parentPc: -1, startLine: 0, parent, file: i32(4), line: i32(8) };
    }
    const funcID = (i32(0) >>> 16) & 0xff;
    return { funcID, nameOff: i32(12), parentPc: i32(16), startLine: 0, parent: -1, file: i32(4), line: i32(8) };
  }
}
