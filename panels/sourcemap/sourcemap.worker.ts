/** The maker of source maps off the thread of the page that asks it. */
import { type Posting, serve } from '../../src/protocol/channel';
import { createMapMaker } from './maker';

serve(self as unknown as Posting, createMapMaker());
