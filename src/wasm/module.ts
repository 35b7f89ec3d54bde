/**
 * One wasm binary: a single pass over the section headers; the contents of each section are decoded on first use and
 * remembered, failures too. Knows the core module format (WebAssembly core specification 5.5, version 1) and nothing of Go.
 */
import { lazily, Malformed } from '../bytes/malformed';
import { Reader } from '../bytes/reader';
import { type CodeOutline, readCode } from './code';
import { type FunctionNames, readFunctionNames } from './names';
import { type Producers, readProducers } from './producers';
import {
  type DataSegments,
  type ElementSegment,
  type Export,
  type Import,
  readDataSegments,
  readElements,
  readExports,
  readFunctionTypes,
  readImports,
} from './sections';

export interface Section {
  /** 0 for custom sections. */
  id: number;
  /** The custom section's name, else the specification's word for it. */
  name: string;
  /** Offset of the payload in the module (after a custom section's name) and its length in bytes. */
  offset: number;
  size: number;
}

const NAMES = [
  'custom',
  'type',
  'import',
  'function',
  'table',
  'memory',
  'global',
  'export',
  'start',
  'element',
  'code',
  'data',
  'data count',
  'tag',
];

/** Each section header becomes an object; real modules have a few dozen. */
const MOST_SECTIONS = 10_000;

const NO_IMPORTS: Import[] = [];

export class Module {
  readonly sections: Section[];

  /** @throws Malformed when the bytes are no wasm module, or its sections do not fit into it */
  constructor(readonly bytes: Uint8Array) {
    this.sections = readHeaders(bytes);
  }

  readonly imports = lazily<Import[]>(() => this.read('import', 2, readImports) ?? NO_IMPORTS);
  readonly exports = lazily<Export[]>(() => this.read('export', 7, readExports) ?? []);
  /** Type index of each defined function. */
  readonly functionTypes = lazily<Uint32Array>(() => this.read('function', 3, readFunctionTypes) ?? new Uint32Array(0));
  readonly elements = lazily<ElementSegment[]>(() => this.read('element', 9, readElements) ?? []);
  readonly data = lazily<DataSegments | null>(() => this.read('data', 11, readDataSegments));
  readonly code = lazily<CodeOutline | null>(() => this.read('code', 10, readCode));
  readonly names = lazily<FunctionNames | null>(() => this.custom('name', readFunctionNames));
  readonly producers = lazily<Producers | null>(() => this.custom('producers', readProducers));

  /** Number of imported functions, which come first in the function index space. 0 when imports cannot be read. */
  importedFunctions(): number {
    const imports = this.imports();
    return imports.ok ? imports.value.reduce((count, one) => count + (one.kind === 'function' ? 1 : 0), 0) : 0;
  }

  section(name: string): Section | null {
    return this.sections.find((section) => section.name === name) ?? null;
  }

  /** A reader over a section's payload. */
  reader(section: Section): Reader {
    return new Reader(this.bytes.subarray(section.offset, section.offset + section.size), section.offset);
  }

  private read<T>(name: string, id: number, decode: (reader: Reader) => T): T | null {
    const section = this.sections.find((one) => one.id === id && one.name === name);
    return section ? decode(this.reader(section)) : null;
  }

  private custom<T>(name: string, decode: (reader: Reader) => T): T | null {
    const section = this.sections.find((one) => one.id === 0 && one.name === name);
    return section ? decode(this.reader(section)) : null;
  }
}

function readHeaders(bytes: Uint8Array): Section[] {
  const reader = new Reader(bytes);
  if (reader.left < 4 || reader.u32() !== 0x6d736100) throw new Malformed('the wasm magic number "\\0asm"', 0);
  if (reader.left < 4 || reader.u32() !== 1) throw new Malformed('version 1 of the wasm core format', 4);
  const sections: Section[] = [];
  while (reader.left > 0) {
    const id = reader.u8();
    if (id >= NAMES.length) {
      reader.position--;
      reader.fail('a section id');
    }
    const size = reader.leb32();
    const payload = reader.sub(size, `${size} bytes of ${NAMES[id]} section`);
    if (sections.length === MOST_SECTIONS) reader.fail(`at most ${MOST_SECTIONS} sections`);
    const name = id === 0 ? payload.name() : NAMES[id];
    sections.push({ id, name, offset: payload.offset, size: payload.left });
  }
  return sections;
}
