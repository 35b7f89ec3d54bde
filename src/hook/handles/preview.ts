/**
 * What a value is, in a class and a few words, without running any of the page's code: no getter, no trap of a proxy, no `toString`.
 *
 * The class: V8 says of a receiver that a native refuses what it is (Object::NoSideEffectsToString in V8's objects.cc), by own
 * and inherited data properties alone: `#<Gauge>`, `[object Array]`; through proxies too, of which it tells the target. Whether a value
 * is a proxy shows in an object that inherits from it: of that V8 finds the constructor only where no proxy lies between. All else are
 * natives that look at internal slots.
 */
import { HandleFlag } from '../../protocol/handles';
import { create, exec, getOwnPropertyDescriptor, includes, slice, textOf } from '../pristine';
import { ask, isNative, nativeOf } from './natives';

export interface Preview {
  class: string;
  /** What is known beyond the class; '' for nothing. Of strings their beginning, of functions their name. */
  text: string;
  /** `HandleFlag`s. */
  flags: number;
}

enum Most {
  /** Characters of a class, and of the text. */
  Class = 100,
  Text = 120,
  /** Characters that are looked at: of what V8 says, and of an attribute. */
  Said = 500,
  Attribute = 2000,
  /** Characters of the text of a wrapper; those of wasm_exec.js have 200. */
  Wrapper = 1000,
}

const { getPrototypeOf } = Object;
const classes = globalThis as unknown as Record<string, unknown>;
const refuse = nativeOf(Map, 'has');
const plainText = Object.prototype.toString;
const prefix = 'Method Map.prototype.has called on incompatible receiver ';

const typedArray = getPrototypeOf(Uint8Array) as unknown;
const mapSize = nativeOf(Map, 'size');
const setSize = nativeOf(Set, 'size');
const typedLength = nativeOf(typedArray, 'length');
const typedName = nativeOf(typedArray, Symbol.toStringTag, '[Symbol.toStringTag]');
const bufferSize = nativeOf(ArrayBuffer, 'byteLength');
const viewSize = nativeOf(DataView, 'byteLength');
const isoOf = nativeOf(Date, 'toISOString');
const sourceOf = nativeOf(RegExp, 'source');
const description = nativeOf(Symbol, 'description');
const bigText = nativeOf(BigInt, 'toString');
// Not under Node, which has no such classes.
const connected = nativeOf(classes.Node, 'isConnected');
const localName = nativeOf(classes.Element, 'localName');
const attribute = nativeOf(classes.Element, 'getAttribute');
const nodeName = nativeOf(classes.Node, 'nodeName');
const eventType = nativeOf(classes.Event, 'type');
const width = nativeOf(classes.ImageData, 'width');
const height = nativeOf(classes.ImageData, 'height');
const status = nativeOf(classes.Response, 'status');

/** Text of what wasm_exec.js makes for js.FuncOf (`_makeFuncWrapper`), whoever has minified it. */
const isWrapper = (text: string) =>
  text.length < Most.Wrapper && includes(text, '_pendingEvent') && includes(text, '_resume');

/** What V8 says of an object; '' where it says nothing. */
function said(value: object): string {
  if (!refuse) return '';
  try {
    refuse(value, [0]);
    return '#<Map>';
  } catch (error) {
    const message = getOwnPropertyDescriptor(error as object, 'message')?.value;
    return typeof message === 'string' && slice(message, 0, prefix.length) === prefix
      ? slice(message, prefix.length, prefix.length + Most.Said)
      : '';
  }
}

/** `#<Gauge>`, `[object Array]`, `TypeError: no such file`, `null` for a proxy that was revoked. Its end may be cut. */
const SAID = /^(?:#<([\s\S]*?)>?|\[object ([\s\S]*?)\]?|(\w*Error)(?:: ([\s\S]*))?)$/;

function objectClass(value: object): { name: string; message: string } {
  const text = said(value);
  if (text === 'null') return { name: 'Proxy (revoked)', message: '' };
  const found = exec(SAID, text);
  const name = found?.[1] || found?.[2] || found?.[3] || 'Object';
  // So V8 says of bytes in a buffer that can be resized.
  const typed = name === 'Object' && ask(typedName, value);
  return { name: slice(typeof typed === 'string' ? typed : name, 0, Most.Class), message: found?.[4] ?? '' };
}

/** @returns false also for an object of which it cannot be told */
function isNoProxy(value: object): boolean {
  const heir = create(value, { toString: { __proto__: null, value: plainText } as PropertyDescriptor });
  return exec(/^#</, said(heir)) !== null;
}

/** @returns false also where it cannot be told of any object: where the page has replaced Object.prototype.toString, as Zone.js does */
export const isProxy = (value: object): boolean => !isNoProxy(value) && isNoProxy([]);

const short = (text: unknown, most: number = Most.Text): string =>
  typeof text !== 'string' ? '' : text.length > most ? `${slice(text, 0, most)}…` : text;

/**
 * @param id of its handle: the predefined ones have names of their own
 * @param quick no more than the class and what flags it gives: the cheaper part, for all rows of a table
 */
export function preview(value: unknown, id: number, quick: boolean): Preview {
  const type = typeof value;
  if (type === 'function') return functionPreview(value as () => void, quick);
  if (type === 'string') {
    return { class: 'String', text: quick ? '' : short(value), flags: 0 };
  }
  if (type === 'symbol') return { class: 'Symbol', text: quick ? '' : short(ask(description, value)), flags: 0 };
  if (type === 'bigint') return { class: 'BigInt', text: quick ? '' : bigIntText(value as bigint), flags: 0 };
  // `undefined` itself never has a handle.
  if (type === 'undefined') return { class: 'HTMLAllCollection', text: '', flags: 0 };
  if (type !== 'object' || value === null) return { class: `${value as null}`, text: '', flags: 0 };
  if (id === 5) return { class: 'globalThis', text: '', flags: 0 };
  if (id === 6) return { class: 'Go', text: '', flags: 0 };
  const { name, message } = objectClass(value as object);
  const isConnected = quick && noNodes[name] ? undefined : ask(connected, value);
  if (isConnected === undefined && exec(NODES, name) === null) noNodes[name] = true;
  const flags = isConnected === true ? HandleFlag.Connected : isConnected === false ? HandleFlag.Detached : 0;
  if (quick) return { class: name, text: '', flags };
  return { class: name, text: short(message || objectText(value as object, name)), flags };
}

/** Classes whose values are nodes, whatever else calls itself so. */
const NODES = /Element$|^(?:Text|Comment|Attr|HTMLDocument|Document|DocumentFragment|ShadowRoot)$/;
/** Other classes of which a value was no node: asking costs an error for each that is none. */
const noNodes = { __proto__: null } as unknown as Record<string, boolean>;

/** Digits of a larger one take the engine long. */
const LARGEST = 2n ** 256n;

const bigIntText = (value: bigint) =>
  value > -LARGEST && value < LARGEST ? short(ask(bigText, value)) : value < 0 ? 'less than -2²⁵⁶' : 'more than 2²⁵⁶';

function functionPreview(value: () => void, quick: boolean): Preview {
  const text = textOf(value);
  const flags = isWrapper(text) ? HandleFlag.Wrapper : 0;
  if (quick) return { class: 'Function', text: '', flags };
  // Proxies and bound functions print as natives without a name; of every other function the name is data, or left alone.
  if (exec(/^function \(\) \{ \[native code\] \}$/, text)) return { class: 'Function', text: '', flags };
  return { class: 'Function', text: short(getOwnPropertyDescriptor(value, 'name')?.value), flags };
}

function objectText(value: object, name: string): string {
  const count = (size: unknown) => (typeof size === 'number' ? `(${size})` : '');
  if (name === 'Array') {
    return isNoProxy(value) ? count(getOwnPropertyDescriptor(value, 'length')?.value) : '';
  }
  const size =
    count(ask(typedLength, value)) ||
    count(ask(bufferSize, value)) ||
    count(ask(viewSize, value)) ||
    count(ask(mapSize, value)) ||
    count(ask(setSize, value));
  if (size) return size;
  const element = ask(localName, value);
  if (typeof element === 'string') return elementText(value, element);
  const parts = [ask(nodeName, value), ask(eventType, value), ask(isoOf, value)];
  for (let i = 0; i < parts.length; i++) if (typeof parts[i] === 'string') return parts[i] as string;
  const source = ask(sourceOf, value);
  if (typeof source === 'string' && name === 'RegExp') return `/${source}/`;
  const across = ask(width, value);
  if (typeof across === 'number') return `${across} × ${ask(height, value)}`;
  const answer = ask(status, value);
  return typeof answer === 'number' ? `${answer}` : '';
}

/** `div#id.first.second` */
function elementText(element: object, name: string): string {
  const id = ask(attribute, element, 'id');
  const classes = ask(attribute, element, 'class');
  let text = name;
  if (typeof id === 'string' && id) text += `#${id}`;
  if (typeof classes !== 'string') return text;
  const words = slice(classes, 0, Most.Attribute);
  let word = '';
  for (let i = 0; i <= words.length && text.length <= Most.Text; i++) {
    const letter = words[i] ?? ' ';
    if (exec(/\s/, letter) === null) word += letter;
    else if (word) {
      text += `.${word}`;
      word = '';
    }
  }
  return text;
}

/**
 * Makes errors cheap while `work` runs: V8 asks each for a stack of `Error.stackTraceLimit` frames. It is set back before the page could see it,
 * and left alone where it is no plain number, or the page has put something else in the place of `Error`.
 */
export function withoutStacks<T>(work: () => T): T {
  const limit = isNative(Error, 'Error') ? getOwnPropertyDescriptor(Error, 'stackTraceLimit') : undefined;
  const before = limit?.writable ? (limit.value as unknown) : undefined;
  if (typeof before !== 'number') return work();
  Error.stackTraceLimit = 0;
  try {
    return work();
  } finally {
    Error.stackTraceLimit = before;
  }
}
