/**
 * Function names of the custom section "name" (core specification 7.4.1, subsection 1). Other subsections are passed over.
 * Bytes stay undecoded until a name is asked for: a big module has 10⁵ of them.
 */
import { type Reader, text } from '../bytes/reader';
import { floorIndex } from '../bytes/search';

export class FunctionNames {
  constructor(
    private readonly bytes: Uint8Array,
    /** Function indexes, ascending, with start and end of each name in `bytes`. */
    private readonly indexes: Uint32Array,
    private readonly starts: Uint32Array,
    private readonly ends: Uint32Array,
  ) {}

  get count(): number {
    return this.indexes.length;
  }

  /** @param index wasm function index, imports counted */
  name(index: number): string | null {
    const at = floorIndex(this.indexes, index);
    return at >= 0 && this.indexes[at] === index ? text(this.bytes.subarray(this.starts[at], this.ends[at])) : null;
  }

  /** Every (function index, name), in order. */
  *all(): Generator<[number, string]> {
    for (let i = 0; i < this.indexes.length; i++) {
      yield [this.indexes[i], text(this.bytes.subarray(this.starts[i], this.ends[i]))];
    }
  }
}

export function readFunctionNames(reader: Reader): FunctionNames {
  while (reader.left > 0) {
    const id = reader.u8();
    const part = reader.sub(reader.leb32(), 'a name subsection');
    if (id === 1) return readNameMap(part);
  }
  return new FunctionNames(reader.bytes, new Uint32Array(0), new Uint32Array(0), new Uint32Array(0));
}

function readNameMap(reader: Reader): FunctionNames {
  const count = reader.count(2, 'names');
  const indexes = new Uint32Array(count);
  const starts = new Uint32Array(count);
  const ends = new Uint32Array(count);
  let last = -1;
  for (let i = 0; i < count; i++) {
    const index = reader.leb32();
    if (index <= last) reader.fail('function indexes in ascending order');
    last = index;
    const size = reader.leb32();
    indexes[i] = index;
    starts[i] = reader.position;
    reader.skip(size, 'a function name');
    ends[i] = reader.position;
  }
  return new FunctionNames(reader.bytes, indexes, starts, ends);
}
