/** The session off the UI thread. */
import { type Posting, serve } from '../src/protocol/channel';
import { createSession } from '../src/session';

serve(self as unknown as Posting, createSession());
