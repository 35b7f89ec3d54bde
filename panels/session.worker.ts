/** The session off the UI thread. */
import { buffersOf } from '../src/bridge/timeline';
import { type Posting, serve } from '../src/protocol/channel';
import { createSession, type SessionApi } from '../src/session';

// A timeline may have tens of megabytes.
serve(self as unknown as Posting, createSession(), (method, value) => {
  const answer = value as ReturnType<SessionApi['bridgeTimeline']>;
  return method === 'bridgeTimeline' && answer ? (buffersOf(answer.timeline) as ArrayBuffer[]) : [];
});
