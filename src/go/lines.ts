/**
 * From a place in a Go function (function number, resume block) to Go frames: line, file and inlined callers.
 * Inline trees by release: 1.11 parent + file + line of the call; 1.12–1.19 20 bytes with parentPc; 1.20 on 16 bytes with
 * startLine (runtime/symtab.go, runtime/symtabinl.go inlinedCall). Knows nothing of wasm bodies.
 */
import { Malformed } from '../bytes/malformed';
import type { Frame } from '../symbols/frame';
import type { Image } from './image';
import { printedName } from './names';
import type { Func, Pclntab } from './pclntab';

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

/** Deeper nests of inlined calls do not occur: the compiler's budget ends them at a few dozen. */
const MOST_INLINED = 256;

export class Lines {
  constructor(
    private readonly image: Image,
    readonly pclntab: Pclntab,
    private readonly format: InlineFormat,
    /** Base of funcdata offsets; null before 1.18, or when it could not be found: then inlined frames are missing. */
    private readonly gofunc: number | null,
    /** Wrapper functions' funcID in this release, which Go's tracebacks leave out; -1 when not known. */
    private readonly wrapperID: number,
  ) {}

  /** Name of a function as the runtime prints it. */
  functionName(func: Func): string {
    return printedName(this.pclntab.name(func.nameOff), this.pclntab.version);
  }

  /** File of the function itself and the line of its `func` keyword, or of its first known instruction before Go 1.20. */
  start(func: Func): { file: string; line: number } {
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
    const frames: Frame[] = [];
    let file = pclntab.file(func, files.at(block));
    let line = Math.max(lines.at(block), 0);
    let index = inlined ? inlined.indexes.at(block) : -1;
    while (inlined && index >= 0) {
      if (frames.length === MOST_INLINED) throw new Malformed('an inline tree without a cycle', inlined.tree);
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
    if (funcID === this.wrapperID) frame.wrapper = true;
    return frame;
  }

  private inlineTable(func: Func) {
    const indexes = this.pclntab.pcdata(func, this.format.pcdata);
    if (indexes.size === 0) return null;
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
    if (this.format.node === 'startLine') {
      const reader = this.image.at(tree + index * 16, 'an inlined call');
      const funcID = reader.u8();
      reader.skip(3);
      return {
        funcID,
        nameOff: reader.i32(),
        parentPc: reader.i32(),
        startLine: reader.i32(),
        parent: -1,
        file: -1,
        line: 0,
      };
    }
    if (this.format.node === 'parent') {
      const reader = this.image.at(tree + index * 16, 'an inlined call');
      const [parent, file, line, nameOff] = [reader.i32(), reader.i32(), reader.i32(), reader.i32()];
      // A parent comes before its child, so a walk up the tree ends.
      if (parent >= index) reader.fail('a parent before its inlined call');
      return { funcID: 0, nameOff, parentPc: -1, startLine: 0, parent, file, line };
    }
    const reader = this.image.at(tree + index * 20, 'an inlined call');
    reader.skip(2);
    const funcID = reader.u8();
    reader.skip(1);
    const [file, line, nameOff, parentPc] = [reader.i32(), reader.i32(), reader.i32(), reader.i32()];
    return { funcID, nameOff, parentPc, startLine: 0, parent: -1, file, line };
  }
}
