/**
 * One Go program of the page that can be recorded: from when its module is linked. Holds nothing of the page's strongly, so that
 * a program that the page drops is given back.
 */

import type { Proof } from '../../protocol/binary';
import type { WatchOptions } from '../../protocol/handles';
import type { RecordOptions } from '../../protocol/recording';
import type { Namespace } from '../imports';
import { dataProperty, Memory, pristine } from '../pristine';
import { type Entered, expectEntries, tellEntries } from './exports';
import type { Gate } from './gate';
import type { GateNotes } from './imports';
import { nameOf, receiverOf } from './page';
import { I32 } from './pristine';
import { proves } from './proof';
import { createRecorder, type Recorded, type Recorder } from './recorder';
import { awaitValues, FIELD } from './values';
import { createWatch, type Watch } from './watch';

export interface RecordedProgram extends GateNotes {
  instance: number;
  /** Records from now on. One recording at a time. */
  start(options: RecordOptions): void;
  /** Watches who makes handles, from now on; with more options goes on with what they say. */
  watch(options: WatchOptions): void;
  /** Ends that. */
  unwatch(): void;
  /** Who has made handles so far; null when nobody watches. */
  watched(): Watch | null;
  /** Whether these options speak of this program. */
  fits(options: { proof?: Proof }): boolean;
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
 * @param wanted whether its entries will be told when it begins to run
 * @param began called then
 */
export function createRecordedProgram(
  instance: number,
  namespace: Namespace,
  clock: () => Recorded['clock'],
  wanted: () => boolean,
  began: (program: RecordedProgram) => void,
): RecordedProgram {
  let names: string[] = [];
  let gate: WeakRef<Gate['turn']> | undefined;
  let object: WeakRef<object> | undefined;
  /** wasm_exec.js's table of values. */
  let values: WeakRef<object> | undefined;
  let exports: WeakRef<WebAssembly.Exports> | undefined;
  let recorder: Recorder | null = null;
  let watch: Watch | null = null;
  let end: (() => void) | null = null;
  let waits: Namespace | null = namespace;

  const memory = () => memoryOf(dataProperty(exports && deref(exports), 'mem')) as ArrayBuffer;

  const goObject = () => object && (deref(object) as object | undefined);

  const entered: Entered = {
    enter(name) {
      let depth = -2;
      try {
        const event = name === 'resume' ? dataProperty(goObject(), '_pendingEvent') : null;
        const id = event ? dataProperty(event, 'id') : undefined;
        watch?.enter(id);
        depth = -1;
        if (recorder) {
          const operation = event ? 'callback' : name === 'run' || name === 'resume' ? name : `export ${name}`;
          depth = recorder.enter(operation, id);
        }
      } catch {
        // Nothing of ours must reach the page.
      }
      return depth;
    },
    leave(depth) {
      try {
        if (depth > -2) watch?.leave();
        if (depth >= 0) recorder?.leave(depth);
      } catch {
        // As above.
      }
    },
  };

  /** Opens the gate, and hears of entries from now on. @returns whether that can be */
  const enters = (): boolean => {
    if (end) return true;
    const turn = gate && (deref(gate) as Gate['turn'] | undefined);
    const found = exports && (deref(exports) as WebAssembly.Exports | undefined);
    const itsObject = goObject();
    if (!turn || !found || !itsObject) return false;
    end = tellEntries(itsObject, found, entered);
    turn(1);
    return true;
  };
  /** Shuts the gate when nobody needs it. */
  const leaveAlone = () => {
    if (recorder || watch) return;
    const turn = gate && (deref(gate) as Gate['turn'] | undefined);
    turn?.(0);
    end?.();
    end = null;
  };

  const program: RecordedProgram = {
    linked(found, turn) {
      names = found;
      gate = new PristineWeakRef(turn);
      if (!waits) return;
      const begins = wanted() ? expectEntries() : null;
      awaitValues(waits, (goObject, itsExports) => {
        object = new PristineWeakRef(goObject);
        exports = new PristineWeakRef(itsExports);
        values = new PristineWeakRef(dataProperty(goObject, FIELD) as object);
        try {
          began(program);
        } finally {
          begins?.();
        }
      });
      // It leads to the Go object and its memory, which are the page's to drop.
      waits = null;
    },
    instance,
    start(options) {
      program.stop();
      const time = clock();
      if (!enters()) return;
      recorder = createRecorder(
        {
          ...{ instance, names, memory, clock: time },
          nameOf: (id: number) => nameOf(goObject(), id),
          receiverOf: (id: number) => receiverOf(goObject(), id),
        },
        options,
      );
    },
    watch(options) {
      const time = clock();
      if (!watch && enters()) watch = createWatch({ names, memory, goObject, clock: time });
      watch?.use(options);
    },
    unwatch() {
      watch = null;
      leaveAlone();
    },
    watched: () => watch,
    fits({ proof }) {
      try {
        return !proof || proves(proof, new I32(memory()));
      } catch {
        // Its memory is gone.
        return false;
      }
    },
    stop() {
      recorder = null;
      leaveAlone();
    },
    recorder: () => recorder,
    over() {
      // wasm_exec.js drops it at the exit; the same Go object may run the next program with another one.
      const list = values && deref(values);
      return !list || dataProperty(goObject(), FIELD) !== list;
    },
    before(sp, index) {
      try {
        watch?.before(sp >>> 0, index);
      } catch {
        // Nothing of ours must reach the page; and its memory may be gone.
      }
      try {
        return recorder ? recorder.before(sp >>> 0, index) : 0;
      } catch {
        // As above.
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
