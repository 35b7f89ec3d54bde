/**
 * .debug_aranges: addresses by unit, for units whose own entry does not say what they have. Not asked before the units: it often
 * lists only some of them. Source: DWARF 5 section 6.1.2.
 */

import { readNumber } from './forms';
import type { Add } from './ranges';
import type { Sections } from './sections';
import { readLength } from './unit';

/** @param add gets the ranges of each unit, by its offset in .debug_info, live or not. @throws Malformed; what came before holds */
export function readAranges(sections: Sections, add: (unit: number) => Add | null): void {
  const section = sections.reader('debug_aranges');
  while (section.left > 0) {
    const start = section.position;
    const { offsetSize, content } = readLength(section);
    const version = content.u16();
    if (version !== 2) content.fail(`version 2 of address ranges, not ${version}`);
    const unit = readNumber(content, offsetSize);
    const size = content.u8();
    const segment = content.u8();
    if ((size !== 4 && size !== 8) || segment !== 0) content.fail('addresses of 4 or 8 bytes, without segments');
    // The first pair is aligned to its size, from the beginning of the set.
    const header = section.position - content.left - start;
    content.skip((2 * size - (header % (2 * size))) % (2 * size));
    const each = add(unit);
    while (content.left >= 2 * size) {
      const low = readNumber(content, size);
      const length = readNumber(content, size);
      if (low === 0 && length === 0) break;
      each?.(low, low + length);
    }
  }
}
