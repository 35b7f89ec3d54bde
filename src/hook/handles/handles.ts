/**
 * What the extension runs in a page (MAIN world) when a panel first asks about handles there: answers questions about the tables of its Go
 * programs. It copies and leaves; of values it says no more than `preview.ts` can tell without running code of the page.
 */

import type { HandlesHears, HandlesQuestion, HandlesSays } from '../../protocol/handles';
import { HANDLE, HANDLES_PORT } from '../../protocol/handshake';
import { addEventListener, bufferOf, isObject, native, pristine } from '../pristine';
import { listOf, ownKeys } from '../record/pristine';
import { collect, log, store, valueWith } from './acts';
import { copyMemory } from './memory';
import { programOf } from './programs';
import { counts, memoryBuffer, previews, stackPointer, table } from './table';

const [postMessage, start] = pristine(MessagePort, 'postMessage', 'start') as [
  (port: MessagePort, message: HandlesSays, transfer: Transferable[]) => void,
  (port: MessagePort) => void,
];

function answer(question: HandlesQuestion): HandlesSays['value'] {
  const asked = programOf(question.instance);
  const { goObject } = asked;
  switch (question.ask) {
    case 'counts':
      return counts(asked, question.options);
    case 'table':
      return table(asked, question.options);
    case 'previews':
      return previews(asked, question.ids);
    case 'dump': {
      const whole = table(asked, question.options, Number.POSITIVE_INFINITY);
      return {
        ...{ table: whole, previews: previews(asked, whole.ids), at: 'event', sp: stackPointer(goObject) },
        ...copyMemory(memoryBuffer(goObject)),
      };
    }
    case 'log':
      return log(goObject, question.id);
    case 'store':
      return store(goObject, question.id);
    case 'gc':
      return collect(goObject);
  }
}

const { isView } = ArrayBuffer;
const { isArray } = Array;

/** Finds the columns of an answer: their buffers are handed over, and not copied. Each is there once. */
function gather(value: unknown, buffers: ArrayBuffer[]) {
  if (!isObject(value)) return;
  if (isView(value)) {
    const buffer = bufferOf(value) as ArrayBuffer;
    for (let i = 0; i < buffers.length; i++) if (buffers[i] === buffer) return;
    buffers[buffers.length] = buffer;
    return;
  }
  if (isArray(value)) return;
  const keys = ownKeys(value);
  for (let i = 0; i < keys.length; i++) gather((value as Record<PropertyKey, unknown>)[keys[i]], buffers);
}

function heard(port: MessagePort, { id, question }: HandlesHears) {
  let said: HandlesSays;
  const buffers: ArrayBuffer[] = [];
  try {
    said = { answer: id, ok: true, value: answer(question), why: '' };
    gather(said.value, buffers);
  } catch (error) {
    said = {
      answer: id,
      ok: false,
      value: '',
      why: typeof error === 'string' ? error : 'The page could not answer.',
    };
  }
  postMessage(port, said, listOf(buffers));
}

addEventListener(document, HANDLES_PORT, (event: Event) => {
  try {
    // Taken by this script, which was put here twice.
    if (native(event, 'defaultPrevented')) return;
    const port = (native(event, 'ports') as MessagePort[])[0];
    native(event, 'preventDefault');
    addEventListener(port, 'message', (message: Event) => {
      try {
        // Again each time, because `document.open` takes listeners away; one that is there stays one.
        addEventListener(document, HANDLE, given);
        heard(port, native(message, 'data') as HandlesHears);
      } catch {
        // Nothing of ours must reach the page.
      }
    });
    start(port);
  } catch {
    // An event of the page's own, without a port.
  }
});

addEventListener(document, HANDLE, given);

function given(event: Event) {
  try {
    const asked = native(event, 'data') as [instance: number, id: number, give: (value: unknown) => void];
    asked[2](valueWith(programOf(asked[0]).goObject, asked[1]));
  } catch {
    // No value has this id any more: nothing is given.
  }
}
