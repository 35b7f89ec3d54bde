/** Stands in for the content script of a panel that records and watches no more. */
import { offerPort, RECORD_PORT } from '../../../src/protocol/handshake';
import type { RecorderHears } from '../../../src/protocol/recording';

const port = offerPort(document, RECORD_PORT);
port?.postMessage({ record: null } satisfies RecorderHears);
port?.postMessage({ watch: null } satisfies RecorderHears);
