/**
 * A recording as the files that the panel saves: the capture itself, and what other tools read. Made in pieces that the browser keeps,
 * for a timeline of a million calls is more text than one string can hold.
 */
import type { Capture } from './capture';
import { type CaptureAbout, encodeCapture } from './file';
import { pprofOf } from './pprof';
import type { Profile } from './profile';
import { speedscopeJson } from './speedscope';
import { traceJson } from './trace';

export type FileFormat = 'gobridge' | 'pprof' | 'speedscope' | 'trace';

type Piece = string | Uint8Array<ArrayBuffer>;

const WRITERS: Record<FileFormat, (capture: Capture, profile: Profile, about: CaptureAbout) => Iterable<Piece>> = {
  gobridge: (capture, _, about) => [new Uint8Array(encodeCapture(capture, about))],
  pprof: (capture, profile, { title }) => [new Uint8Array(pprofOf(capture, profile, title))],
  speedscope: (capture, profile, { title }) => speedscopeJson(capture, profile, title),
  trace: (capture, profile, { title }) => traceJson(capture, profile, title),
};

export function fileOf(format: FileFormat, capture: Capture, profile: Profile, about: CaptureAbout): Blob {
  return blobOf(WRITERS[format](capture, profile, about));
}

/** Pieces that are gathered before they are handed to the browser. */
const PIECES = 32;

function blobOf(pieces: Iterable<Piece>): Blob {
  const blobs: Blob[] = [];
  let parts: Piece[] = [];
  for (const piece of pieces) {
    if (parts.push(piece) < PIECES) continue;
    blobs.push(new Blob(parts));
    parts = [];
  }
  return new Blob([...blobs, ...parts]);
}
