/** Stands in for the content script of a panel that watches who makes handles, and does not record. */
import { offerPort, RECORD_PORT } from '../../../src/protocol/handshake';
import type { RecorderHears } from '../../../src/protocol/recording';

const port = offerPort(document, RECORD_PORT);
port?.postMessage({ record: null } satisfies RecorderHears);
port?.postMessage({ watch: { frames: null, staticLow: 0, staticHigh: 0 } } satisfies RecorderHears);
