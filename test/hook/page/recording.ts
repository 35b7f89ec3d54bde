/** Stands in for the content script of a panel that records: orders at once, notes the batches. */
import { offerPort, RECORD_PORT } from '../../../src/protocol/handshake';
import type { RecordBatch, RecorderHears, RecorderSays, RecordOptions } from '../../../src/protocol/recording';

declare global {
  interface Window {
    batches: RecordBatch[];
    orderRecording: (options: RecordOptions | null) => void;
  }
}

const port = offerPort(document, RECORD_PORT);
if (port) {
  const batches: RecordBatch[] = [];
  const order = (record: RecordOptions | null) => port.postMessage({ record } satisfies RecorderHears);
  Object.defineProperty(window, 'batches', { value: batches });
  Object.defineProperty(window, 'orderRecording', { value: order });
  port.onmessage = ({ data }: MessageEvent<RecorderSays>) => batches.push(data.batch);
  order({ every: 1, frames: null, staticLow: 0, staticHigh: 0 });
}
