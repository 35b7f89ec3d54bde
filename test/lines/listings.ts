/** The stored listings of the judge program, and tables made of them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { LineMaker, type MadeLines } from '../../src/lines/make';
import { Program } from '../../src/program';
import { openFixture } from '../fixtures/open';

const folder = join(process.env.GOWASM_ROOT ?? '.', 'test/fixtures/listings');

/** Names as in the store, e.g. `go1.27/judge-stripped`. */
export const listed = readdirSync(folder)
  .map((file) => file.replace('.txt.br', '').replace('-', '/'))
  .sort();

const texts = new Map<string, Buffer>();

export function listingOf(name: string): Buffer {
  let text = texts.get(name);
  if (!text) {
    text = brotliDecompressSync(readFileSync(join(folder, `${name.replace('/', '-')}.txt.br`)));
    texts.set(name, text);
  }
  return text;
}

/** @param piece bytes that come at once */
export function makeLines(name: string, listing: Uint8Array = listingOf(name), piece = 1 << 16): MadeLines {
  const maker = new LineMaker(new Program(openFixture(name)));
  for (let at = 0; at < listing.length; at += piece) maker.listing.push(listing.subarray(at, at + piece));
  maker.listing.end();
  return maker.finish();
}

const made = new Map<string, MadeLines>();

/** The table of the whole stored listing, made once. */
export function linesOf(name: string): MadeLines {
  let known = made.get(name);
  if (!known) {
    known = makeLines(name);
    made.set(name, known);
  }
  return known;
}
