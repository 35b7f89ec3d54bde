/** The maker of source maps off the thread of the page that asks it. */

import { createMapMaker } from '../../src/map-maker';
import { type Posting, serve } from '../../src/protocol/channel';

serve(self as unknown as Posting, createMapMaker());
