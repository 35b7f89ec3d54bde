/** Takes a module apart as `llvm-strip --only-keep-debug` and `llvm-strip --strip-all` do: the code here, what is said of it there. */
import { Module, type Section } from '../../src/wasm/module';
import { bytes, custom } from '../assemble';

/** @returns the module without debug information and names, and one with nothing but its debug information */
export function split(content: Uint8Array): { stripped: Uint8Array; symbols: Uint8Array } {
  return {
    stripped: keep(content, ({ id }) => id !== 0),
    symbols: keep(content, ({ name }) => name.startsWith('.debug_')),
  };
}

/** A module of some sections of another. */
export function keep(content: Uint8Array, choose: (section: Section) => boolean): Uint8Array {
  const module = new Module(content);
  const out = bytes().bytes(content.subarray(0, 8));
  for (const section of module.sections.filter(choose)) {
    const own = content.subarray(section.offset, section.offset + section.size);
    if (section.id === 0) out.bytes(custom(section.name, bytes().bytes(own)));
    else out.u8(section.id).sized(bytes().bytes(own));
  }
  return out.done();
}

/** The same module, which names a second one. */
export function withURL(content: Uint8Array, url: string): Uint8Array {
  return bytes()
    .bytes(content)
    .bytes(custom('external_debug_info', bytes().name(url)))
    .done();
}
