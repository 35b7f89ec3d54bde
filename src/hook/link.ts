/**
 * The hook's end of the wire to the content script, which keeps the history: the port comes at document_start, before any
 * program can run, or never. Answers questions about bytes. Knows the messages, not what they mean.
 */
import { awaitPort } from '../protocol/handshake';
import type { HookHears, HookSays } from '../protocol/messages';
import { blobOf, okOf, type Source, statusOf } from './bytes';
import { pristine } from './pristine';
import type { Emit } from './program';

const [postMessage] = pristine(MessagePort, 'postMessage');
const [dataOf] = pristine(MessageEvent, 'data');
const pristineFetch = fetch;

/**
 * Shakes hands with the content script.
 * @param sourceOf the source of an instance's module; undefined for an unknown instance
 * @returns what sends events
 */
export function link(sourceOf: (instance: unknown) => Source | undefined): Emit {
  let port: MessagePort | undefined;
  let seq = 0;
  const say = (message: HookSays) => port && postMessage(port, message);

  awaitPort(document, (taken) => {
    port = taken;
    port.onmessage = (event) => {
      const { id, question } = dataOf(event) as HookHears;
      answer(id, sourceOf(question.instance));
    };
  });

  return (event) => {
    say({ event: { ...event, seq: ++seq } as never });
    return seq;
  };

  async function answer(id: number, source: Source | undefined) {
    let blob: Blob | null | undefined;
    let why = 'bytes are gone';
    try {
      blob = await source?.blob;
      if (!blob && source?.url) {
        // The cache is asked first: what the page loaded is what is wanted, not what a new build put there.
        const response = await pristineFetch(source.url, { cache: 'force-cache' });
        if (okOf(response)) blob = await blobOf(response);
        else why = `HTTP ${statusOf(response)}`;
      }
    } catch (error) {
      why = `${error}`;
    }
    say(blob ? { answer: id, blob } : { answer: id, why });
  }
}
