/** Where handles.js finds the Go programs of its document: hook.js has their Go objects, record.js who watches them. */
import { PORT, RECORD_PORT } from '../../protocol/handshake';
import type { Linked } from '../link';
import { now, pristine } from '../pristine';
import { clock } from '../record/page';
import type { RecordedProgram } from '../record/program';
import type { Asked } from './table';

const PristineMessageEvent = MessageEvent;
const [dispatchEvent] = pristine(EventTarget, 'dispatchEvent');
const [timeOf] = pristine(Event, 'timeStamp');

/** @returns the list of programs that a script of ours keeps, which grows and shrinks; none where the script is not there, or does not hear */
function shown<T>(type: string): T[] | null {
  let found: T[] | null = null;
  const data = (programs: T[]) => {
    found = programs;
  };
  dispatchEvent(document, new PristineMessageEvent(type, { __proto__: null, data } as MessageEventInit));
  return found;
}

// Asked for at once, because `document.open` takes away the ears of who shows them.
let linked = shown<Linked>(PORT);
let recorded = shown<RecordedProgram>(RECORD_PORT);

/** The page's clock; where the page has put another in its place, as fake timers do, the one that says when events are made. */
function clockOfPage(): Asked['clock'] {
  try {
    return clock();
  } catch {
    const told = () => timeOf(new PristineMessageEvent(''));
    return { performance: null, now: told, origin: now() - told() };
  }
}

/** @throws in one sentence when there is no such program any more */
export function programOf(instance: number): Asked {
  linked ??= shown<Linked>(PORT);
  recorded ??= shown<RecordedProgram>(RECORD_PORT);
  let goObject: object | undefined;
  for (let i = 0; linked && i < linked.length; i++) {
    const { id, program } = linked[i];
    if (id === instance) goObject = program.go();
    else if (goObject && id > instance && program.go() === goObject)
      throw 'The page has run another program with the same Go object.';
  }
  if (!linked) throw 'The page has opened its document anew, and nothing answers in it: reload the page.';
  if (!goObject) throw 'The page has dropped this program.';
  let watch: Asked['watch'] = null;
  for (let i = 0; recorded && i < recorded.length; i++) {
    if (recorded[i].instance === instance) watch = recorded[i].watched();
  }
  return { goObject, watch, clock: clockOfPage() };
}
