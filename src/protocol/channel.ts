/**
 * A typed request channel over anything that posts messages: a Worker, a MessagePort.
 * Knows nothing of what is asked: the interface is a type parameter. One side serves an object, the other gets the same
 * methods as promises. Requests are answered in the order they came; errors cross as their message.
 */

/** The interface `Api` as seen from the other side: every method answers later. */
export type Remote<Api> = {
  [M in keyof Api]: Api[M] extends (...args: infer A) => infer R ? (...args: A) => Promise<Awaited<R>> : never;
};

/** What a Worker, a worker's global scope and a MessagePort have in common. */
export interface Posting {
  postMessage(message: unknown, transfer: Transferable[]): void;
  addEventListener(type: 'message', listener: (event: MessageEvent) => void): void;
  removeEventListener(type: 'message', listener: (event: MessageEvent) => void): void;
}

interface Request {
  request: number;
  method: string;
  args: unknown[];
}

type Reply = { reply: number; value: unknown } | { reply: number; error: string };

export interface Connection<Api> {
  api: Remote<Api>;
  /** Stops listening; whatever is still asked, and all that is asked later, fails with `why`. */
  close(why: string): void;
}

/**
 * Answers requests with the methods of `api`, one at a time.
 * @param transfer what of an answer is handed over instead of copied
 * @returns stop
 */
export function serve<Api extends object>(
  port: Posting,
  api: Api,
  transfer: (method: string, value: unknown) => Transferable[] = () => [],
): () => void {
  let turn: Promise<unknown> = Promise.resolve();
  const onMessage = (event: MessageEvent) => {
    const { request, method, args } = event.data as Request;
    turn = turn
      .then(() => answer(api, method, args))
      .then(
        (value) => port.postMessage({ reply: request, value } satisfies Reply, transfer(method, value)),
        (error) => port.postMessage({ reply: request, error: messageOf(error) } satisfies Reply, []),
      );
  };
  port.addEventListener('message', onMessage);
  return () => port.removeEventListener('message', onMessage);
}

/**
 * @param transfer what of a request's arguments is handed over instead of copied: the sender cannot use it afterwards
 * @returns the other side's methods
 */
export function connect<Api extends object>(
  port: Posting,
  transfer: (method: keyof Api, args: unknown[]) => Transferable[] = () => [],
): Connection<Api> {
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  let last = 0;
  let closed = '';
  const onMessage = (event: MessageEvent) => {
    const reply = event.data as Reply;
    const asked = waiting.get(reply.reply);
    if (!asked) return;
    waiting.delete(reply.reply);
    if ('error' in reply) asked.reject(new Error(reply.error));
    else asked.resolve(reply.value);
  };
  const ask = (method: string, args: unknown[]) =>
    new Promise((resolve, reject) => {
      if (closed) return reject(new Error(closed));
      const request = ++last;
      waiting.set(request, { resolve, reject });
      port.postMessage({ request, method, args } satisfies Request, transfer(method as keyof Api, args));
    });
  port.addEventListener('message', onMessage);
  const api = new Proxy({} as Remote<Api>, {
    // `then` must stay undefined, or awaiting the proxy would ask the other side.
    get: (_, method) =>
      typeof method === 'string' && method !== 'then' ? (...args: unknown[]) => ask(method, args) : undefined,
  });
  return {
    api,
    close(why) {
      closed = why;
      port.removeEventListener('message', onMessage);
      for (const asked of waiting.values()) asked.reject(new Error(why));
      waiting.clear();
    },
  };
}

function answer(api: object, method: string, args: unknown[]): unknown {
  const found = (api as Record<string, unknown>)[method];
  if (typeof found !== 'function' || method in Object.prototype) throw new Error(`no method ${method}`);
  return found.apply(api, args);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
