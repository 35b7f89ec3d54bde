/** The seam behind which captures become files and come back from them. */

export interface CaptureFormat {
  /** `pprof`. */
  id: string;
  /** `pprof (go tool pprof)`, for the menu. */
  text: string;
  extension: string;
  type: string;
}

export interface CaptureFiles {
  formats: CaptureFormat[];
  /** @returns the file for a recording of the session. Rejects with one sentence */
  write(realm: string, instance: number, format: string): Promise<Uint8Array<ArrayBuffer>>;
  /**
   * Opens a capture in the session.
   * @returns under which realm and instance it can be asked about; `note` says what of it is in doubt (`The capture is of another
   *   build of paint.wasm`), '' for nothing. Rejects with one sentence for what is no capture
   */
  read(bytes: Uint8Array, name: string): Promise<{ realm: string; instance: number; note: string }>;
}
