/** Stands in for the content script of a panel that records no more. */
import { offerPort, RECORD_PORT } from '../../../src/protocol/handshake';
import type { RecorderHears } from '../../../src/protocol/recording';

offerPort(document, RECORD_PORT)?.postMessage({ record: null } satisfies RecorderHears);
