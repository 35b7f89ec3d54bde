/** .debug_str: each string once, named by its offset. */
import { Bytes } from './bytes';

export class Strings {
  readonly bytes = new Bytes();
  private readonly offsets = new Map<string, number>();

  /** @returns offset of the string in the section */
  add(text: string): number {
    let offset = this.offsets.get(text);
    if (offset === undefined) {
      offset = this.bytes.length;
      this.bytes.text(text);
      this.offsets.set(text, offset);
    }
    return offset;
  }
}
