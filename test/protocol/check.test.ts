/** What the panel believes: good messages pass as they are, and any one field that is wrong spoils the message. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkEvent, checkToPanel } from '../../src/protocol/check';
import { type Capture, G_BYTES, type HookEvent, PROTOCOL, type ToPanel } from '../../src/protocol/messages';

const capture: Capture = {
  sp: 0x1000,
  at: 'import',
  gs: [{ address: 0x2000, bytes: new Uint8Array(G_BYTES) }],
  words: new Uint32Array([8, 0x10000001]),
  dropped: 0,
};
const events: HookEvent[] = [
  {
    type: 'module',
    seq: 1,
    instance: 0,
    url: 'http://localhost/main.wasm',
    bytes: 'url',
    how: 'instantiateStreaming',
    namespace: 'gojs',
    at: 1,
  },
  {
    type: 'error',
    seq: 2,
    how: 'rejection',
    name: 'RuntimeError',
    message: 'unreachable',
    stack: 'at x',
    captures: [{ instance: 0, capture }],
    at: 2,
  },
  { type: 'again', seq: 3, of: 2, count: 5, at: 3 },
  { type: 'exit', seq: 4, instance: 0, code: -1, output: 'panic: x', outputDropped: 0, capture, at: 4 },
  { type: 'exit', seq: 5, instance: 0, code: 0, output: '', outputDropped: 0, capture: null, at: 5 },
];
const messages: ToPanel[] = [
  {
    protocol: PROTOCOL,
    type: 'realm',
    realm: { id: '0123456789abcdef0123456789abcdef', url: 'about:blank', top: true, since: 1.5 },
    hooked: false,
    recorder: true,
  },
  ...events.map((event): ToPanel => ({ protocol: PROTOCOL, type: 'event', event })),
  { protocol: PROTOCOL, type: 'answer', id: 1, ok: true, blob: new Blob(['x']) },
  { protocol: PROTOCOL, type: 'answer', id: 1, ok: false, why: 'no' },
  { protocol: PROTOCOL, type: 'replayed' },
  { protocol: PROTOCOL, type: 'gone' },
];

test('what content script and hook really say passes unchanged', () => {
  for (const message of messages) assert.deepEqual(checkToPanel(message), message);
});

test('a batch of a recording is handed on as it is: whether there is room for it is asked before it is looked at', () => {
  const message: ToPanel = { protocol: PROTOCOL, type: 'recorded', batch: { number: 'x' } };
  assert.deepEqual(checkToPanel(message), message);
  assert.equal(checkToPanel({ ...message, batch: 'x' }), null);
});

test('what is added to a message does not come along', () => {
  const event = { ...events[2], more: 1 };
  assert.deepEqual(checkEvent(event), events[2]);
  const error = structuredClone(events[1]) as HookEvent & { captures: { capture: object }[] };
  Object.assign(error.captures[0].capture, { more: new ArrayBuffer(9) });
  assert.deepEqual(checkEvent(error), events[1]);
});

/** Every field of a message, as a path to it. */
function paths(value: unknown, path: (string | number)[] = []): (string | number)[][] {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value) || value instanceof Blob) return [path];
  return [
    ...(path.length ? [path] : []),
    ...Object.entries(value).flatMap(([key, part]) => paths(part, [...path, key])),
  ];
}

function broken(message: object, path: (string | number)[], value: unknown): unknown {
  const copy = structuredClone(message) as Record<string, unknown>;
  let at = copy;
  for (const key of path.slice(0, -1)) at = at[key] as Record<string, unknown>;
  at[path[path.length - 1]] = value;
  return copy;
}

test('a field of the wrong kind spoils the message', () => {
  let tried = 0;
  for (const message of messages) {
    for (const path of paths(message)) {
      for (const wrong of [undefined, {}, Symbol.iterator, Number.NaN, () => {}, new Uint16Array(1), -1.5]) {
        // A time may have fractions and be long past.
        if (wrong === -1.5 && /^(at|since)$/.test(String(path.at(-1)))) continue;
        assert.equal(
          checkToPanel(broken(message, path, wrong)),
          null,
          `${message.type} ${path.join('.')} ${typeof wrong}`,
        );
        tried++;
      }
    }
  }
  assert.ok(tried > 300);
});

test('sizes have bounds', () => {
  const error = events[1];
  const many = (length: number) => Array.from({ length }, () => ({ instance: 0, capture }));
  const captureOf = (part: object) => ({ ...error, captures: [{ instance: 0, capture: { ...capture, ...part } }] });
  assert.notEqual(checkEvent({ ...error, captures: many(8) }), null);
  assert.equal(checkEvent({ ...error, captures: many(9) }), null);
  assert.equal(checkEvent({ ...error, stack: 'x'.repeat(2 ** 24 + 1) }), null);
  assert.equal(checkEvent(captureOf({ gs: [{ address: 0, bytes: new Uint8Array(G_BYTES + 1) }] })), null);
  assert.equal(checkEvent(captureOf({ gs: Array(65).fill(capture.gs[0]) })), null);
  assert.equal(checkEvent(captureOf({ words: new Uint32Array(3) })), null);
  assert.equal(checkEvent(captureOf({ words: new Uint32Array(2 ** 21 + 2) })), null);
  assert.equal(checkEvent(captureOf({ sp: 2 ** 32 })), null);
  assert.equal(checkEvent({ ...events[2], seq: 0 }), null);
  assert.equal(checkToPanel({ protocol: PROTOCOL + 1, type: 'gone' }), null);
});

test('a small view of a large buffer does not keep the buffer', () => {
  const words = new Uint32Array(new ArrayBuffer(2 ** 20), 0, 2);
  const bytes = new Uint8Array(new ArrayBuffer(2 ** 20), 0, 4);
  const event = checkEvent({ ...events[3], capture: { ...capture, words, gs: [{ address: 0, bytes }] } });
  assert.ok(event?.type === 'exit' && event.capture);
  assert.equal(event.capture.words.buffer.byteLength, 8);
  assert.equal(event.capture.gs[0].bytes.buffer.byteLength, 4);
});
