/** The session as the panel asks it: through a channel to a worker, so that no question holds up what is drawn. */
import { connect, type Remote } from '../src/protocol/channel';
import type { SessionApi } from '../src/session';
import { scriptUrl } from './script-url';

/** Starts the worker that holds the session. */
export function workerSession(): Remote<SessionApi> {
  const worker = new Worker(scriptUrl('session.worker.js'));
  const connection = connect<SessionApi>(worker, (method, args) => {
    if (method === 'open') return [(args[1] as Uint8Array<ArrayBuffer>).buffer];
    if (method === 'bridgeOpen' || method === 'dumpOpen') return [(args[0] as Uint8Array<ArrayBuffer>).buffer];
    if (method === 'dumpAdd') return [(args[1] as Uint8Array<ArrayBuffer>).buffer];
    // Megabytes: of a recording each second, of a table with many handles.
    return method === 'recorded' || method === 'handlesTaken' ? buffersIn(args[2]) : [];
  });
  worker.addEventListener('error', (event) => connection.close(event.message || 'the worker of the panel stopped'));
  return connection.api;
}

/** Buffers of the columns in a message, each once. */
function buffersIn(columns: unknown): ArrayBuffer[] {
  if (ArrayBuffer.isView(columns)) return [columns.buffer as ArrayBuffer];
  if (typeof columns !== 'object' || columns === null) return [];
  return [...new Set(Object.values(columns).flatMap(buffersIn))];
}
