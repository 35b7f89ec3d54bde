/** .debug_str: each string once, named by its offset. */
import { Writer } from '../bytes/writer';

export class Strings {
  readonly bytes = new Writer();
  private readonly offsets = new Map<string, number>();

  /** @returns offset of the string in the section */
  add(text: string): number {
    let offset = this.offsets.get(text);
    if (offset === undefined) {
      offset = this.bytes.length;
      this.bytes.cstring(text);
      this.offsets.set(text, offset);
    }
    return offset;
  }
}
