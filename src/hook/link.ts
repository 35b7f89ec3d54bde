/**
 * The hook's end of the wire to the content script, which keeps the history: the port comes at document_start, before any
 * program can run, or never. Answers questions about bytes. Knows the messages, not what they mean.
 */
import { awaitPort } from '../protocol/handshake';
import type { HookHears, HookSays } from '../protocol/messages';
import { isRemote, type Source } from './bytes';
import { pristine, promise } from './pristine';
import type { Emit } from './program';

const ports = pristine(MessagePort.prototype);
const messages = pristine(MessageEvent.prototype);
const responses = pristine(Response.prototype);
const pristineFetch = fetch;

/**
 * Shakes hands with the content script.
 * @param sourceOf the source of an instance's module; undefined for an unknown instance
 * @returns what sends events
 */
export function link(sourceOf: (instance: unknown) => Source | undefined): Emit {
  let port: MessagePort | undefined;
  let seq = 0;
  const say = (message: HookSays) => port && ports.postMessage(port, message);

  awaitPort(document, (taken) => {
    port = taken;
    port.onmessage = (event) => {
      const { id, question } = messages.data(event) as HookHears;
      answer(id, sourceOf(question.instance));
    };
  });

  return (event) => {
    say({ event: { ...event, seq: ++seq } as never });
    return seq;
  };

  function answer(id: number, source: Source | undefined) {
    const refuse = (why: string) => say({ answer: id, why });
    const give = (blob: Blob) => say({ answer: id, blob });
    const fail = () => refuse('it could not be read again');
    if (source?.blob) promise.then(resolved(source.blob), give, fail);
    else if (!source || !isRemote(source)) refuse('the page made it from bytes that are gone');
    else {
      // The cache is asked first: what the page loaded is what is wanted, not what a new build put there.
      const found = pristineFetch(source.url, { cache: 'force-cache' });
      promise.then(
        found,
        (response) => {
          if (responses.ok(response)) promise.then(responses.blob(response), give, fail);
          else refuse(`HTTP status ${responses.status(response)}`);
        },
        fail,
      );
    }
  }
}

const resolved = async (blob: Blob | PromiseLike<Blob>) => blob;
