// One connection to Chromium's DevTools protocol, with flat sessions. Knows the wire, not what is said over it.
import WebSocket from 'ws';

/**
 * @typedef {{ method: string, params: any, sessionId: string | undefined }} CdpEvent
 * @typedef {{ id: string, targetId: string, send(method: string, params?: object): Promise<any>,
 *   on(method: string, listener: (params: any) => void): () => void,
 *   once(method: string, accept?: (params: any) => boolean, timeout?: number): Promise<any> }} Session
 * @typedef {Awaited<ReturnType<typeof connect>>} Connection
 */

/** Default patience for anything the browser should do, in milliseconds. A deadline, never a wait. */
export const PATIENCE = 20_000;

/** @param {string} url of the browser's websocket */
export async function connect(url) {
  const socket = new WebSocket(url, { perMessageDeflate: false, maxPayload: 512 * 2 ** 20 });
  await new Promise((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  /** @type {Map<number, { method: string, resolve: (result: any) => void, reject: (error: Error) => void }>} */
  const pending = new Map();
  /** @type {Set<(event: CdpEvent) => void>} */
  const listeners = new Set();
  let lastId = 0;

  socket.on('message', (data) => {
    const message = JSON.parse(String(data));
    if (message.id === undefined) {
      for (const listener of [...listeners]) listener(message);
      return;
    }
    const call = pending.get(message.id);
    pending.delete(message.id);
    if (message.error) call?.reject(new Error(`${call.method}: ${message.error.message}`));
    else call?.resolve(message.result);
  });
  socket.on('close', () => {
    for (const call of pending.values()) call.reject(new Error(`${call.method}: the browser closed`));
    pending.clear();
  });

  /** @param {string} method @param {object} [params] @param {string} [sessionId] @returns {Promise<any>} */
  const send = (method, params = {}, sessionId = undefined) =>
    new Promise((resolve, reject) => {
      if (socket.readyState !== WebSocket.OPEN) return reject(new Error(`${method}: the browser closed`));
      const id = ++lastId;
      pending.set(id, { method, resolve, reject });
      socket.send(JSON.stringify({ id, method, params, sessionId }));
    });

  /** @param {(event: CdpEvent) => void} listener @returns {() => void} stop */
  const listen = (listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };

  return {
    send,
    listen,

    /** Attaches to a target. @param {string} targetId @returns {Promise<Session>} */
    async attach(targetId) {
      const { sessionId } = await send('Target.attachToTarget', { targetId, flatten: true });
      return session(sessionId, targetId);
    },

    close: () => socket.close(),
  };

  /** @param {string} id @param {string} targetId @returns {Session} */
  function session(id, targetId) {
    /** @type {Session['on']} */
    const on = (method, listener) =>
      listen((event) => {
        if (event.sessionId === id && event.method === method) listener(event.params);
      });
    return {
      id,
      targetId,
      send: (method, params) => send(method, params, id),
      on,
      once: (method, accept = () => true, timeout = PATIENCE) =>
        deadline(timeout, `event ${method}`, (resolve) => {
          const stop = on(method, (params) => {
            if (accept(params)) resolve(params);
          });
          return stop;
        }),
    };
  }
}

/**
 * A promise with a deadline.
 * @template T
 * @param {number} timeout milliseconds
 * @param {string} what is waited for, named by the error
 * @param {(resolve: (value: T) => void) => () => void} start returns what stops the waiting
 * @returns {Promise<T>}
 */
export function deadline(timeout, what, start) {
  return new Promise((resolve, reject) => {
    /** @type {() => void} */
    let stop = () => {};
    let done = false;
    const end = () => {
      done = true;
      clearTimeout(timer);
      stop();
    };
    const timer = setTimeout(() => {
      end();
      reject(new Error(`no ${what} within ${timeout} ms`));
    }, timeout);
    stop = start((value) => {
      end();
      resolve(value);
    });
    if (done) stop();
  });
}
