/** Where handles.js finds the Go programs of its document: hook.js has their Go objects, record.js who watches them. */
import { PORT, RECORD_PORT } from '../../protocol/handshake';
import type { Linked } from '../link';
import { pristine } from '../pristine';
import { clock } from '../record/page';
import type { RecordedProgram } from '../record/program';
import type { Asked } from './table';

const PristineMessageEvent = MessageEvent;
const [dispatchEvent] = pristine(EventTarget, 'dispatchEvent');

/** Calls `use` with what a script of ours shows of its programs; not at all where it is not there. */
function shown<T>(type: string, use: (programs: T[]) => void): void {
  dispatchEvent(document, new PristineMessageEvent(type, { __proto__: null, data: use } as MessageEventInit));
}

/** @throws in one sentence when there is no such program any more */
export function programOf(instance: number): Asked {
  let goObject: object | undefined;
  let watch: Asked['watch'] = null;
  shown<Linked>(PORT, (programs) => {
    for (let i = 0; i < programs.length; i++) if (programs[i].id === instance) goObject = programs[i].program.go();
  });
  shown<RecordedProgram>(RECORD_PORT, (programs) => {
    for (let i = 0; i < programs.length; i++) if (programs[i].instance === instance) watch = programs[i].watched();
  });
  if (!goObject) throw 'The page has dropped this program.';
  return { goObject, watch, clock: clock() };
}
