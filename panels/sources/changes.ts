/** Between the pages of the extension, of all DevTools windows: the user's source folders are others now. */

const CHANNEL = 'gowasm folders';

export function tellFoldersChanged(): void {
  const port = new BroadcastChannel(CHANNEL);
  port.postMessage('changed');
  port.close();
}

/** Calls back when another page has told so; who tells is not told. @returns stop */
export function onFoldersChanged(listener: () => void): () => void {
  const port = new BroadcastChannel(CHANNEL);
  port.onmessage = () => listener();
  return () => port.close();
}
