/**
 * The files that the page, its workers and frames have loaded, as the Network panel logs them. Knows nothing of what is in
 * them.
 *
 * The log has only what was loaded while DevTools was open. It tells of a module before DevTools does of its script (tried
 * with Chromium 156), and has the very bytes, also of blob: and data: URLs, as long as the browser keeps them.
 */
import { chromeDevtools, type HarEntry } from './browser';

export interface LoadedFile {
  url: string;
  /** Media type as the server told it. */
  type: string;
  /** Bytes, decompressed. */
  size: number;
  /** Rejects with one sentence when they are not kept, or too many. */
  content(): Promise<Uint8Array>;
}

/** Bytes of a file that are taken: they come as text through DevTools. */
const MOST = 256 * 2 ** 20;

/** Tells what was loaded since the page was, and then each file as it is. @returns stop */
export function onLoaded(listener: (file: LoadedFile) => void): () => void {
  const { onRequestFinished, getHAR } = chromeDevtools().network;
  const finished = (entry: HarEntry) => {
    const { request, response } = entry;
    const { size, mimeType } = response.content;
    if (size > 0) listener({ url: request.url, type: mimeType, size, content: () => content(entry) });
  };
  onRequestFinished.addListener(finished);
  getHAR(({ entries }) => {
    for (const entry of entries) finished(entry);
  });
  return () => onRequestFinished.removeListener(finished);
}

function content(entry: HarEntry): Promise<Uint8Array> {
  const { size } = entry.response.content;
  return new Promise((resolve, reject) => {
    if (size > MOST) return reject(new RangeError(`This file is ${Math.ceil(size / 2 ** 20)} MB.`));
    entry.getContent((text, encoding) => {
      const bytes = encoding === 'base64' ? fromBase64(text) : null;
      if (bytes?.length === size) resolve(bytes);
      else reject(new Error('The browser has not kept this file.'));
    });
  });
}

const fromBase64 = (text: string) =>
  (Uint8Array as unknown as { fromBase64(text: string): Uint8Array }).fromBase64(text);
