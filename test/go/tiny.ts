/**
 * The smallest Go program there can be, written by hand: two functions, one calling the other, and one inlined into the
 * first. Every offset in it is known to who reads this file.
 */
import {
  type Bytes,
  bytes,
  codeSection,
  data,
  dataSection,
  elementSection,
  elements,
  functionTypes,
  goCall,
  importedFunctions,
  module,
  pclntab,
  producers,
} from '../assemble';

export const IMAGE = 0x11000;

/** Index in pclntab of what is only ever inlined: it has a name there and a body that nobody calls. */
const SMALL = 2;

/** `main.outer` calls `main.inner` twice: on line 12, and within `main.small`, which stands on line 13. */
export const table = (): Bytes =>
  pclntab(
    IMAGE,
    ['outer.go', 'inner.go', 'small.go'],
    [
      {
        name: 'main.outer',
        file: [
          [0, 3],
          [2, 4],
          [0, 6],
        ],
        line: [
          [11, 1],
          [12, 2],
          [13, 3],
          [90, 4],
          [14, 6],
        ],
        startLine: 10,
        frame: [[16, 6]],
        inlined: {
          at: [
            [-1, 3],
            [0, 4],
            [-1, 6],
          ],
          tree: [{ function: SMALL, parentPc: 2 }],
        },
      },
      { name: 'main.inner', file: [[1, 2]], line: [[50, 2]], startLine: 49 },
      { name: 'main.small', file: [[2, 2]], line: [[90, 2]], startLine: 89 },
    ],
  );

/** Bodies: locals, then what the comments in `tiny` say. */
const outer = () =>
  bytes()
    .leb(0)
    // block 0..1: the call on line 12 resumes at block 2
    .bytes(goCall(0x1000_0002, 2))
    // the call within main.small, in block 3, resumes at block 4
    .bytes(goCall(0x1000_0004, 2))
    .u8(0x0b);
const inner = () => bytes().leb(0).u8(0x00, 0x0b);

export interface Tiny {
  bytes: Uint8Array;
  /** Module offsets of the two calls in main.outer, of main.inner's `unreachable`, and of the last body's first byte. */
  firstCall: number;
  secondCall: number;
  trap: number;
}

/** @param tab the pclntab and what comes behind it, at IMAGE */
export function tiny(tab: Bytes = table()): Tiny {
  const sections = [
    importedFunctions(['gojs', 'debug']),
    functionTypes(0, 0, 0),
    elementSection(elements(0x1000, 1, 2, 3)),
    codeSection(outer(), inner(), inner()),
    dataSection(data(IMAGE, tab)),
    producers(['language', ['Go', 'go1.26.11']]),
  ];
  const content = module(...sections);
  const code = 8 + sections[0].length + sections[1].length + sections[2].length;
  // id, size, count, size of body, locals
  const first = code + 1 + sizeOfLeb(sections[3]) + 1 + 1 + 1;
  const literal = goCall(0x1000_0002, 2).length;
  return {
    bytes: content,
    firstCall: first + literal - 2,
    secondCall: first + literal * 2 - 2,
    trap: first + literal * 2 + 1 + 2,
  };
}

/** Bytes of the size of a section: what lies before its content, without the id. */
function sizeOfLeb(section: Bytes): number {
  let at = 1;
  for (const content = section.done(); content[at] >= 0x80; at++);
  return at;
}
