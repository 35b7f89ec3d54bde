/**
 * One Go program of the page that can be recorded: from when its module is linked. Holds nothing of the page's strongly, so that
 * a program that the page drops is given back.
 */
import type { RecordOptions } from '../../protocol/recording';
import type { Namespace } from '../imports';
import { dataProperty, Memory, pristine } from '../pristine';
import { tellEntries } from './exports';
import type { Gate } from './gate';
import type { GateNotes } from './imports';
import { nameOf, receiverOf } from './page';
import { I32 } from './pristine';
import { proves } from './proof';
import { createRecorder, type Recorded, type Recorder } from './recorder';
import { awaitValues } from './values';

export interface RecordedProgram extends GateNotes {
  /** Records from now on. One recording at a time. */
  start(options: RecordOptions): void;
  /** Whether these options speak of this program. */
  fits(options: RecordOptions): boolean;
  /** Ends the recording. */
  stop(): void;
  /** What is recorded now. */
  recorder(): Recorder | null;
  /** It has exited, or the page has dropped it: nothing comes any more. */
  over(): boolean;
}

const [memoryOf] = pristine(Memory, 'buffer');
const PristineWeakRef = WeakRef;
const [deref] = pristine(WeakRef, 'deref');

/**
 * @param namespace the page's own import functions
 * @param clock of the realm; asked when a recording starts. Throws when there is none to be trusted
 * @param began called when it begins to run
 */
export function createRecordedProgram(
  instance: number,
  namespace: Namespace,
  clock: () => Recorded['clock'],
  began: (program: RecordedProgram) => void,
): RecordedProgram {
  let names: string[] = [];
  let gate: WeakRef<Gate['turn']> | undefined;
  let object: WeakRef<object> | undefined;
  let exports: WeakRef<WebAssembly.Exports> | undefined;
  let recorder: Recorder | null = null;
  let end: (() => void) | null = null;
  let waits: Namespace | null = namespace;

  const memory = () => memoryOf(dataProperty(exports && deref(exports), 'mem')) as ArrayBuffer;

  const program: RecordedProgram = {
    linked(found, turn) {
      names = found;
      gate = new PristineWeakRef(turn);
      if (!waits) return;
      awaitValues(waits, (goObject, itsExports) => {
        object = new PristineWeakRef(goObject);
        exports = new PristineWeakRef(itsExports);
        began(program);
      });
      // It leads to the Go object and its memory, which are the page's to drop.
      waits = null;
    },
    start(options) {
      program.stop();
      const turn = gate && (deref(gate) as Gate['turn'] | undefined);
      const found = exports && (deref(exports) as WebAssembly.Exports | undefined);
      const goObject = () => object && (deref(object) as object | undefined);
      const itsObject = goObject();
      if (!turn || !found || !itsObject) return;
      const recorded = {
        instance,
        names,
        memory,
        clock: clock(),
        nameOf: (id: number) => nameOf(goObject(), id),
        receiverOf: (id: number) => receiverOf(goObject(), id),
      };
      const made = createRecorder(recorded, options);
      recorder = made;
      end = tellEntries(itsObject, found, {
        enter(name) {
          try {
            if (name === 'run') return made.enter(name);
            if (name !== 'resume') return made.enter(`export ${name}`);
            const event = dataProperty(goObject(), '_pendingEvent');
            return event ? made.enter('callback', dataProperty(event, 'id')) : made.enter(name);
          } catch {
            return -1;
          }
        },
        leave(depth) {
          try {
            made.leave(depth);
          } catch {
            // Nothing of ours must reach the page.
          }
        },
      });
      turn(1);
    },
    fits({ proof }) {
      try {
        return !proof || proves(proof, new I32(memory()));
      } catch {
        // Its memory is gone.
        return false;
      }
    },
    stop() {
      const turn = gate && (deref(gate) as Gate['turn'] | undefined);
      turn?.(0);
      end?.();
      end = recorder = null;
    },
    recorder: () => recorder,
    // wasm_exec.js drops it at the exit.
    over: () => !dataProperty(object && deref(object), '_inst'),
    before(sp, index) {
      try {
        return recorder ? recorder.before(sp >>> 0, index) : 0;
      } catch {
        // Nothing of ours must reach the page; and its memory may be gone.
        return 0;
      }
    },
    after() {
      try {
        recorder?.after();
      } catch {
        // As above.
      }
    },
  };
  return program;
}
