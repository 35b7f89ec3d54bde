/**
 * The end of what a Go program wrote to its standard output and error: the last few KB, and all from its panic or fatal
 * error on, up to 1 MB. The runtime prints `panic: ` and `fatal error: ` as writes of their own (printpanics and throw in
 * runtime/panic.go: each string of a `print` is one write), so looking at the start of each write is enough.
 */
import { bufferOf, copyWithin, exec, min, U8, utf8 } from './pristine';

enum Bytes {
  /** Kept from the end; at first there is room for as much again. */
  Tail = 4096,
  First = 8192,
  /** Kept of a failure, half of them from its start. */
  Most = 1000000,
  Half = 500000,
}

export interface Output {
  /** Copies `size` bytes at `from`; both are inside the buffer. */
  write(buffer: ArrayBuffer, from: number, size: number): void;
  /** What was kept, and how many bytes were dropped in its middle. */
  read(): [text: string, dropped: number];
}

export function createOutput(): Output {
  let bytes = new U8(Bytes.First);
  let room: number = Bytes.First;
  let used = 0;
  /** What stands before this is never dropped. */
  let head = 0;
  let dropped = 0;
  let before = '';

  return {
    write(buffer, from, size) {
      if (!head && exec(/^(panic|fatal error): /, utf8(new U8(buffer, from, min(size, 13))))) {
        before = exec(/(^runtime: .*\n)+(?!.|\n)/m, kept())?.[0] ?? '';
        room = Bytes.Most;
        bytes = new U8(room);
        head = Bytes.Half;
        used = dropped = 0;
      }
      const written = new U8(buffer, from, size);
      for (let at = 0; at < size; at++) {
        if (used === room) dropOldest();
        bytes[used++] = written[at];
      }
    },
    read: () => [before + kept(), head ? dropped : 0],
  };

  function kept(): string {
    return utf8(new U8(bufferOf(bytes), 0, used));
  }

  function dropOldest() {
    const gap = room - Bytes.Tail - head;
    copyWithin(bytes, head, head + gap);
    used -= gap;
    dropped += gap;
  }
}
