/** What a value is, told without running any of its code: each trap and getter here counts that it was called. */
import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import vm from 'node:vm';
import { preview, withoutStacks } from '../../../src/hook/handles/preview';
import { HandleFlag } from '../../../src/protocol/handles';

let ran: string[] = [];
afterEach(() => {
  const all = ran;
  ran = [];
  assert.deepEqual(all, []);
});
const bomb = (name: string) => ({
  configurable: true,
  get() {
    ran.push(name);
    throw new Error(name);
  },
});
/** A handler of which every trap is a bomb, whatever is asked for. */
const trap = new Proxy({}, { get: (_, key) => void ran.push(`trap ${String(key)}`) });

const say = (value: unknown) => {
  const { class: name, text } = preview(value, 100, false);
  return text ? `${name} ${text}` : name;
};

class Gauge {}
class Loud {
  get [Symbol.toStringTag]() {
    ran.push('tag');
    return 'Quiet';
  }
  toString() {
    ran.push('toString');
    return 'loud';
  }
  valueOf() {
    ran.push('valueOf');
    return 1;
  }
}
class List extends Array {}

test('values of the classes that Go programs hold', () => {
  const told: [unknown, string][] = [
    [{}, 'Object'],
    [new Gauge(), 'Gauge'],
    [[1, 2, 3], 'Array (3)'],
    [new Array(1_000_000), 'Array (1000000)'],
    [new Uint8Array(16), 'Uint8Array (16)'],
    [new ArrayBuffer(8), 'ArrayBuffer (8)'],
    [new DataView(new ArrayBuffer(9)), 'DataView (9)'],
    [new Map([[1, 2]]), 'Map (1)'],
    [new Set([1, 2]), 'Set (2)'],
    [Promise.resolve(), 'Promise'],
    [new Date(0), 'Date 1970-01-01T00:00:00.000Z'],
    [/a+/g, 'RegExp /a+/'],
    [new TypeError('no such file'), 'TypeError no such file'],
    ['buoy', 'String buoy'],
    ['x'.repeat(200), `String ${'x'.repeat(120)}…`],
    [Symbol('tide'), 'Symbol tide'],
    [12n, 'BigInt 12'],
    [-(1n << 1_000_000n), 'BigInt less than -2²⁵⁶'],
    [function sail() {}, 'Function sail'],
    [Math.max, 'Function max'],
    [null, 'null'],
    [true, 'true'],
  ];
  for (const [value, expected] of told) assert.equal(say(value), expected);
  assert.equal(preview(globalThis, 5, false).class, 'globalThis');
  assert.equal(preview({}, 6, false).class, 'Go');
});

test('an instance of another realm', () => {
  assert.equal(say(vm.runInNewContext('[1, 2]')), 'Array (2)');
  // V8 looks for this realm's own Object.prototype.toString before it tells the name of a class.
  assert.equal(say(vm.runInNewContext('new (class Far {})')), 'Object');
});

test('proxies are told by their target, and none of their traps runs', () => {
  assert.equal(say(new Proxy({}, trap)), 'Object');
  assert.equal(say(new Proxy(new Gauge(), trap)), 'Gauge');
  // A length that is told would have been asked for.
  assert.equal(say(new Proxy([1, 2, 3], trap)), 'Array');
  assert.equal(say(new Proxy(new Proxy([1], {}), trap)), 'Array');
  assert.equal(say(new Proxy(function g() {}, trap)), 'Function');
  assert.equal(say(new Proxy(new Uint8Array(4), trap)), 'Uint8Array');
  assert.equal(say(new Proxy(new Date(), trap)), 'Date');
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  assert.equal(say(proxy), 'Proxy (revoked)');
});

test('objects whose own code would tell something else are not asked', () => {
  assert.equal(say(new Loud()), 'Object');
  const named = {};
  Object.defineProperty(named, 'constructor', bomb('constructor'));
  Object.defineProperty(named, 'toString', bomb('toString'));
  Object.defineProperty(named, Symbol.toPrimitive, bomb('toPrimitive'));
  assert.equal(say(named), 'Object');
  assert.equal(say(Object.create(null)), 'Object');
  assert.equal(say(Object.create(new Proxy({}, trap))), 'Object');
  // The prototype is another one than Array's: whether it is an array that is told by its true length cannot be known.
  assert.equal(say(Object.setPrototypeOf([1], new Proxy([], trap))), 'Array');
  assert.equal(say(new List()), 'Array (0)');
  const array: unknown[] = [1];
  Object.defineProperty(array, '0', bomb('element'));
  assert.equal(say(array), 'Array (1)');
  const error = new Error('kept');
  // First, for Node makes the stack when it is defined anew, of the message.
  Object.defineProperty(error, 'stack', bomb('stack'));
  Object.defineProperty(error, 'message', bomb('message'));
  assert.match(say(error), /^Error/);
  const sized = new Map();
  Object.defineProperty(sized, 'size', bomb('size'));
  assert.equal(say(sized), 'Map (0)');
  function called() {}
  Object.defineProperty(called, 'name', bomb('name'));
  assert.equal(say(called), 'Function');
});

test('bytes are told by their own class, whatever buffer they lie in', () => {
  type Resizable = ArrayBuffer & { resize(size: number): void };
  const buffer: Resizable = Reflect.construct(ArrayBuffer, [8, { maxByteLength: 16 }]);
  assert.equal(say(new Uint8Array(buffer)), 'Uint8Array (8)');
  const beyond = new Float64Array(buffer, 0, 1);
  buffer.resize(4);
  assert.equal(say(beyond), 'Float64Array (0)');
  assert.equal(say(new Proxy(new Uint8Array(buffer), trap)), 'Object');
});

test('what wasm_exec.js makes for js.FuncOf is known by its text, minified too', () => {
  const go = { _pendingEvent: null as unknown, _resume() {} };
  const wrapper = function (this: unknown, ...args: unknown[]) {
    const event = { id: 1, this: this, args };
    go._pendingEvent = event;
    go._resume();
    return event;
  };
  assert.equal(preview(wrapper, 9, true).flags, HandleFlag.Wrapper);
  assert.equal(preview(() => 1, 9, true).flags, 0);
});

test('what the page has put in the place of Error is left alone', () => {
  const { Error: native } = globalThis;
  globalThis.Error = new Proxy(native, trap);
  try {
    assert.equal(
      withoutStacks(() => say(new Gauge())),
      'Gauge',
    );
  } finally {
    globalThis.Error = native;
  }
});

test('the limit of stacks is set back, and an accessor in its place is left alone', () => {
  const before = Error.stackTraceLimit;
  assert.throws(() =>
    withoutStacks(() => {
      assert.equal(Error.stackTraceLimit, 0);
      throw new Error('within');
    }),
  );
  assert.equal(Error.stackTraceLimit, before);
  Object.defineProperty(Error, 'stackTraceLimit', bomb('limit'));
  try {
    assert.equal(
      withoutStacks(() => say(new Gauge())),
      'Gauge',
    );
  } finally {
    Object.defineProperty(Error, 'stackTraceLimit', { value: before, writable: true, configurable: true });
  }
});
