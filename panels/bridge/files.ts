/** Recordings as files: the formats they are saved in, and captures that are opened. The session makes and reads them. */
import type { FileFormat } from '../../src/bridge/exports';
import type { Remote } from '../../src/protocol/channel';
import type { SessionApi } from '../../src/session';

export interface CaptureFormat {
  id: FileFormat;
  /** `pprof (go tool pprof)`, for the menu. */
  text: string;
  extension: string;
  type: string;
}

export interface CaptureFiles {
  formats: CaptureFormat[];
  /** @param title what was recorded: URL of the page. @returns the file for a recording of the session. Rejects with one sentence */
  write(realm: string, instance: number, format: FileFormat, title: string): Promise<Blob>;
  /**
   * Opens a capture in the session.
   * @param open name of the module the tabs are about; '' for none
   * @returns under which realm and instance it can be asked about; `note` says why its Go lines have no names, '' when they have.
   *   Rejects with one sentence for what is no capture
   */
  read(file: Blob, open: string): Promise<{ realm: string; instance: number; note: string }>;
}

const FORMATS: CaptureFormat[] = [
  {
    id: 'gobridge',
    text: 'Capture (to open here, gowasm bridge)',
    extension: 'gobridge',
    type: 'application/octet-stream',
  },
  { id: 'pprof', text: 'pprof (go tool pprof)', extension: 'pb', type: 'application/octet-stream' },
  { id: 'speedscope', text: 'speedscope', extension: 'speedscope.json', type: 'application/json' },
  {
    id: 'trace',
    text: 'Chrome trace (Performance panel, Perfetto)',
    extension: 'trace.json',
    type: 'application/json',
  },
];

/** A capture of as many timed calls as are kept has an eighth of that; in memory it is some times as large. */
const MOST_BYTES = 64 * 2 ** 20;

export function captureFiles(session: Remote<SessionApi>): CaptureFiles {
  return {
    formats: FORMATS,
    async write(realm, instance, format, title) {
      const file = await session.bridgeFile(realm, instance, format, title);
      if (!file) throw new Error('It is not kept any more.');
      if (!file.ok) throw new Error(file.why);
      return file.value;
    },
    async read(file, open) {
      if (file.size > MOST_BYTES) throw new Error('It is over 64 MB.');
      const opened = await session.bridgeOpen(new Uint8Array(await file.arrayBuffer()));
      if (!opened.ok) throw new Error(`${opened.why}.`);
      const { realm, instance, known } = opened.value;
      const another = open
        ? `The capture is of another build of ${open}, or of another program: its Go lines have no names.`
        : 'The module it was recorded of is not open: its Go lines have no names.';
      return { realm, instance, note: known ? '' : another };
    },
  };
}
