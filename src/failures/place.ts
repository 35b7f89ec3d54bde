/**
 * How places and functions are spelled for people: short file names, the parts of a Go symbol.
 * Knows the spelling of symbols (cmd/internal/objabi PathToPrefix, reflect's names of instantiated types), no binary.
 */
import type { Place } from '../symbols/frame';
import type { FrameRow } from './failure';

/** @returns the last part of a path, of either kind of slash */
export function baseName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}

/** `stamp.go:88`; without a line only the file. */
export function shortPlace(place: Place): string {
  const name = baseName(place.file);
  return place.line > 0 ? `${name}:${place.line}` : name;
}

/** The file as the binary spells it, with its line. */
export function fullPlace(place: Place): string {
  return place.line > 0 ? `${place.file}:${place.line}` : place.file;
}

/**
 * Splits `example.com/paint/brush.(*Stamp).blend` into package path and name within the package.
 * Type arguments may hold slashes and dots of their own, so only what stands before the first bracket counts.
 * @returns `{ path: 'example.com/paint/brush', name: '(*Stamp).blend' }`; path '' when there is none
 */
export function splitFunction(symbol: string): { path: string; name: string } {
  const bracket = symbol.search(/[[(]/);
  const plain = bracket < 0 ? symbol : symbol.slice(0, bracket);
  const dot = symbol.indexOf('.', plain.lastIndexOf('/') + 1);
  if (dot < 0 || dot >= plain.length) return { path: '', name: symbol };
  return { path: symbol.slice(0, dot), name: symbol.slice(dot + 1) };
}

/** `brush.(*Stamp).blend`: the package's last element and the name. */
export function shortFunction(symbol: string): string {
  const { path, name } = splitFunction(symbol);
  return path ? `${baseName(path)}.${name}` : name;
}

/**
 * The places a frame may stand at: its candidates, else the one it has, which for a frame of which only the function is
 * known is the function's first line; none when nothing is known.
 */
export function placesOf(row: Pick<FrameRow, 'file' | 'line' | 'precision' | 'candidates'>): Place[] {
  if (row.precision === 'candidates' && row.candidates && row.candidates.length > 0) return row.candidates;
  return row.file === '' ? [] : [{ file: row.file, line: row.line }];
}
