/**
 * What the extension runs after hook.js in the pages of a site while a panel is about to record there (MAIN world,
 * document_start): puts gates before the imports of Go programs, which let everything pass until the order to record comes.
 * Like the hook it never throws into the page.
 *
 * Its wrappers stand before those of the hook. Both number the same programs: what this one hands on is to the hook the
 * page's own.
 */
import type { RecordBatch, RecordOptions } from '../../protocol/recording';
import { goNamespace } from '../imports';
import { add, take } from '../pristine';
import { wrap } from '../wrap';
import { isGo } from './go-module';
import { disguise, gateImports } from './imports';
import { linkRecorder, turns } from './link';
import { clock } from './page';
import { setTimeout } from './pristine';
import { createRecordedProgram, type RecordedProgram } from './program';
import type { Recorder } from './recorder';
import { createTrack, type Track } from './track';

enum Most {
  /** Programs that run; older ones are forgotten first. */
  Programs = 64,
  /** Recordings under way and such that still have something to say. */
  Recordings = 128,
  /** Batches of one recording when the document goes. */
  Flushed = 16,
}

enum Milliseconds {
  /** Between two batches, but while more waits. */
  Pause = 80,
}

const running: RecordedProgram[] = [];
const recordings: { program: RecordedProgram; recorder: Recorder; track: Track }[] = [];
let tracked = false;
let order: RecordOptions | null = null;
let ticking = false;
let lastId = 0;

const soon = turns(tick);
const link = linkRecorder(
  (options) => {
    order = options;
    // What is left of an earlier recording comes before a new one.
    if (options) finish(link.post, Number.POSITIVE_INFINITY);
    for (let i = running.length - 1; i >= 0; i--) {
      end(running[i]);
      if (running[i].over()) take(running, i);
      else if (options) begin(running[i], options);
    }
  },
  (on) => {
    tracked = on;
  },
  (say) => {
    order = null;
    finish(say, Most.Flushed);
  },
);

wrap((entry, args) => {
  try {
    const first = args[0];
    if (entry[0] === 'c' || entry === 'Module') return;
    // Only the names of the streaming ones are longer than this. What is streamed nobody has seen yet.
    if (entry.length <= 'instantiate'.length && !isGo(first)) return;
    const namespace = goNamespace(args[1]);
    if (!namespace) return;
    link.again();
    const program = createRecordedProgram(++lastId, namespace, clock, (itself) => {
      add(running, itself, Most.Programs);
      if (order) begin(itself, order);
    });
    args[1] = disguise(gateImports(args[1] as never, namespace.name, program), namespace);
  } catch {
    // The hook and the native look at the same arguments now, and the native says what is wrong with them.
  }
});

function begin(program: RecordedProgram, options: RecordOptions) {
  program.start(options);
  const recorder = program.recorder();
  if (!recorder) return;
  add(recordings, { program, recorder, track: createTrack() }, Most.Recordings);
  later();
}

/** What was recorded is still there to be taken. */
function end(program: RecordedProgram) {
  const recorder = program.recorder();
  program.stop();
  recorder?.end();
}

/** Ends all recordings, and says what is left of them at once. @param most batches of each */
function finish(say: (batch: RecordBatch) => void, most: number) {
  for (let i = 0; i < recordings.length; i++) {
    const { program, recorder } = recordings[i];
    end(program);
    let batch = recorder.take(true);
    for (let left = most; batch && left; left--) {
      say(batch);
      batch = batch.last ? null : recorder.take(true);
    }
  }
  recordings.length = 0;
}

function later() {
  if (ticking) return;
  ticking = true;
  setTimeout(tick, Milliseconds.Pause);
}

/** One batch of each recording. No call is under way. */
function tick() {
  ticking = false;
  let more = false;
  try {
    for (let i = recordings.length - 1; i >= 0; i--) {
      const { program, recorder, track } = recordings[i];
      const ends = program.recorder() === recorder && program.over();
      if (ends) end(program);
      const batch = recorder.take(program.recorder() !== recorder);
      if (batch) {
        track.take(batch, tracked);
        link.post(batch);
      }
      if (batch?.last) take(recordings, i);
      more ||= recorder.more();
    }
  } catch {
    // Nothing of ours must reach the page.
  }
  if (!recordings.length) return;
  if (!more) return later();
  ticking = true;
  soon();
}
