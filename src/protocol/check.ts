/**
 * What the panel believes of a message from the page: every field of `ToPanel` and `HookEvent` looked at, and copied, so that
 * nothing else comes along. The page can say anything it likes; what does not fit is null, and the panel counts it.
 * Bounds are far above what the hook sends: they keep a page from filling the panel, not from reporting.
 */
import { isBag, isCount, isText, isTime } from './fields';
import { type Capture, type ErrorSeen, G_BYTES, type HookEvent, PROTOCOL, type Realm, type ToPanel } from './messages';

/** Characters of a URL or a class name. */
const SHORT = 1 << 16;
/** Characters of a stack: 10⁵ frames of V8 fit in. */
const LONG = 1 << 24;
/** Elements of `Capture.words`: two for each word, and the hook stops at 2²⁰ words. */
const WORDS = 1 << 21;
const CAPTURES = 8;
/** A g0 and a goroutine, with room. */
const GS = 64;
const WHY = 1 << 12;

/** @returns a clean copy, or null when it is no message of ours */
export function checkToPanel(value: unknown): ToPanel | null {
  if (!isBag(value) || value.protocol !== PROTOCOL) return null;
  const protocol = PROTOCOL;
  switch (value.type) {
    case 'realm': {
      const realm = checkRealm(value.realm);
      const { hooked, recorder } = value;
      if (!realm || typeof hooked !== 'boolean' || typeof recorder !== 'boolean') return null;
      return { protocol, type: 'realm', realm, hooked, recorder };
    }
    case 'recorded':
      // The rest is looked at only if there is room for it.
      return isBag(value.batch) ? { protocol, type: 'recorded', batch: value.batch } : null;
    case 'event': {
      const event = checkEvent(value.event);
      return event && { protocol, type: 'event', event };
    }
    case 'answer':
      if (!isCount(value.id)) return null;
      if (value.ok === true && value.blob instanceof Blob) {
        return { protocol, type: 'answer', id: value.id, ok: true, blob: value.blob };
      }
      return value.ok === false && isText(value.why, WHY)
        ? { protocol, type: 'answer', id: value.id, ok: false, why: value.why }
        : null;
    case 'told': {
      const { id, why, absent } = value;
      if (!isCount(id)) return null;
      // What is told is looked at where it is known what was asked.
      if (value.ok === true) return { protocol, type: 'told', id, ok: true, value: value.value };
      return value.ok === false && isText(why, WHY) && typeof absent === 'boolean'
        ? { protocol, type: 'told', id, ok: false, why, absent }
        : null;
    }
    case 'replayed':
    case 'gone':
      return { protocol, type: value.type };
    default:
      return null;
  }
}

function checkRealm(value: unknown): Realm | null {
  if (!isBag(value)) return null;
  const { id, url, top, since } = value;
  if (typeof id !== 'string' || !/^[0-9a-f]{32}$/.test(id)) return null;
  return isText(url, SHORT) && typeof top === 'boolean' && isTime(since) ? { id, url, top, since } : null;
}

/** @returns a clean copy, or null when it is no event of the hook */
export function checkEvent(value: unknown): HookEvent | null {
  if (!isBag(value)) return null;
  const { type, seq, at } = value;
  // seq starts at 1: `after: 0` asks for everything.
  if (!isCount(seq) || seq === 0 || !isTime(at)) return null;
  switch (type) {
    case 'module': {
      const { instance, url, bytes, how, namespace } = value;
      if (!isCount(instance) || !isText(url, SHORT)) return null;
      if (bytes !== 'url' && bytes !== 'kept' && bytes !== 'lost') return null;
      if (how !== 'instantiateStreaming' && how !== 'instantiate' && how !== 'Instance') return null;
      if (namespace !== 'go' && namespace !== 'gojs') return null;
      return { type, seq, instance, url, bytes, how, namespace, at };
    }
    case 'error': {
      const { how, name, message, stack } = value;
      const captures = checkCaptures(value.captures);
      if (!captures || (how !== 'error' && how !== 'rejection')) return null;
      if (!isText(name, SHORT) || !isText(message, LONG) || !isText(stack, LONG)) return null;
      return { type, seq, how, name, message, stack, captures, at };
    }
    case 'again': {
      const { of, count } = value;
      return isCount(of) && isCount(count) ? { type, seq, of, count, at } : null;
    }
    case 'exit': {
      const { instance, code, output, outputDropped } = value;
      const capture = value.capture === null ? null : checkCapture(value.capture);
      if (capture === undefined || !isCount(instance) || !Number.isSafeInteger(code)) return null;
      if (!isText(output, LONG) || !isCount(outputDropped)) return null;
      return { type, seq, instance, code: code as number, output, outputDropped, capture, at };
    }
    default:
      return null;
  }
}

function checkCaptures(value: unknown): ErrorSeen['captures'] | null {
  if (!Array.isArray(value) || value.length > CAPTURES) return null;
  const clean: ErrorSeen['captures'] = [];
  for (const entry of value) {
    const capture = isBag(entry) ? checkCapture(entry.capture) : undefined;
    if (!capture || !isCount(entry.instance)) return null;
    clean.push({ instance: entry.instance, capture });
  }
  return clean;
}

function checkCapture(value: unknown): Capture | undefined {
  if (!isBag(value)) return;
  const { sp, at, gs, words, dropped } = value;
  if (!isAddress(sp) || (at !== 'import' && at !== 'event') || !isCount(dropped)) return;
  if (!(words instanceof Uint32Array) || words.length > WORDS || words.length % 2 !== 0) return;
  if (!Array.isArray(gs) || gs.length > GS) return;
  const clean: Capture['gs'] = [];
  for (const g of gs) {
    if (!isBag(g) || !isAddress(g.address) || !(g.bytes instanceof Uint8Array) || g.bytes.length > G_BYTES) return;
    clean.push({ address: g.address, bytes: g.bytes.slice() });
  }
  // A view may be small and its buffer huge.
  const own = words.byteLength === words.buffer.byteLength ? words : words.slice();
  return { sp, at, gs: clean, words: own, dropped };
}

const isAddress = (value: unknown): value is number => isCount(value) && value < 2 ** 32;
