/**
 * What the extension runs after hook.js in the pages of a site while a panel is about to record there (MAIN world,
 * document_start): puts gates before the imports of Go programs, and records from the first call, for a program may have done its work
 * by the time the order comes; what nobody asks for is dropped. So it is with who makes handles. Like the hook it never throws into the page.
 *
 * Its wrappers stand before those of the hook. Both number the same programs: what this one hands on is to the hook the
 * page's own.
 */
import type { WatchOptions } from '../../protocol/handles';
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
  /** Orders that are remembered. */
  Orders = 8,
}

enum Milliseconds {
  /** Between two batches, but while more waits. */
  Pause = 80,
  /** For which is recorded without an order. */
  Patience = 10_000,
}

/** What is known of a program that no order speaks of. */
const NOTHING = { frames: null, staticLow: 0, staticHigh: 0 };

interface Recording {
  program: RecordedProgram;
  recorder: Recorder;
  track: Track;
  /** What is believed of the program; null: nothing. */
  options: RecordOptions | null;
}

const running: RecordedProgram[] = [];
const recordings: Recording[] = [];
let tracked = false;
/** The latest first. */
let orders: RecordOptions[] = [];
/** Whether what is recorded already is wanted is not known yet: panels take their time to answer. */
let waits = true;
let patience = Milliseconds.Patience;
let watchOrders: WatchOptions[] = [];
/** Whether anybody wants to know who makes handles is not known yet. */
let watchWaits = true;
let ticking = false;
let lastId = 0;

/** Whether programs that begin now are recorded, and watched, or may be. */
const records = () => waits || orders.length > 0;
const watches = () => watchWaits || watchOrders.length > 0;

const soon = turns(tick);
const link = linkRecorder(
  (options) => {
    if (options) obey(options);
    // What nobody has asked for is dropped.
    else cease(link.post, waits ? 0 : Number.POSITIVE_INFINITY);
  },
  (on) => {
    tracked = on;
  },
  (say) => cease(say, Most.Flushed),
  watch,
  running,
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
    const program = createRecordedProgram(
      ++lastId,
      namespace,
      clock,
      () => records() || watches(),
      (itself) => {
        // Of those that are over nothing is asked any more: what is known of their handles is let go of.
        for (let i = 0; i < running.length; i++) if (running[i].over()) running[i].unwatch();
        add(running, itself, Most.Programs);
        if (records()) begin(itself);
        if (watches()) beginToWatch(itself);
      },
    );
    args[1] = disguise(gateImports(args[1] as never, namespace.name, program), namespace);
  } catch {
    // The hook and the native look at the same arguments now, and the native says what is wrong with them.
  }
});

/** An order to watch, which adds what it says of its program; null ends it. */
function watch(options: WatchOptions | null) {
  watchWaits = false;
  if (!options) {
    watchOrders = [];
    for (let i = 0; i < running.length; i++) running[i].unwatch();
    return;
  }
  const all = [options];
  for (let i = 0; i < watchOrders.length && i < Most.Orders - 1; i++) all[i + 1] = watchOrders[i];
  watchOrders = all;
  for (let i = 0; i < running.length; i++) {
    const program = running[i];
    if (program.over()) continue;
    if (!program.watched()) beginToWatch(program);
    else if (program.fits(options)) program.watch(options);
  }
}

/** With what the latest order says that speaks of it; the latest stands first. */
function beginToWatch(program: RecordedProgram) {
  let options: WatchOptions = NOTHING;
  for (let i = watchOrders.length - 1; i >= 0; i--) if (program.fits(watchOrders[i])) options = watchOrders[i];
  program.watch(options);
  later();
}

/** With what the latest order says that speaks of it. */
function begin(program: RecordedProgram) {
  let options: RecordOptions | null = null;
  for (let i = 0; i < orders.length && !options; i++) if (speaksOf(program, orders[i])) options = orders[i];
  program.start(options ?? { every: orders[0]?.every ?? 0, ...NOTHING });
  const recorder = program.recorder();
  if (!recorder) return;
  add(recordings, { program, recorder, track: createTrack(), options }, Most.Recordings);
  later();
}

function obey(options: RecordOptions) {
  const first = orders.length === 0;
  waits = false;
  const all = [options];
  for (let i = 0; i < orders.length && i < Most.Orders - 1; i++) all[i + 1] = orders[i];
  orders = all;
  for (let i = running.length - 1; i >= 0; i--) {
    const program = running[i];
    const recording = recordingOf(program);
    if (program.over()) {
      end(program);
      take(running, i);
    } else if (!recording) begin(program);
    else if (!speaksOf(program, options)) {
      if (first) recording.recorder.use({ every: options.every, ...NOTHING });
    } else if (recording.options) {
      finish(recording, link.post, Number.POSITIVE_INFINITY);
      begin(program);
    } else {
      recording.options = options;
      recording.recorder.use(options);
    }
  }
}

/** Whether an order says something, and of this program. */
const speaksOf = (program: RecordedProgram, options: RecordOptions) =>
  (options.proof || options.frames) && program.fits(options);

function recordingOf(program: RecordedProgram): Recording | null {
  const recorder = program.recorder();
  for (let i = 0; i < recordings.length; i++) if (recorder && recordings[i].recorder === recorder) return recordings[i];
  return null;
}

/** What was recorded is still there to be taken. */
function end(program: RecordedProgram) {
  const recorder = program.recorder();
  program.stop();
  recorder?.end();
}

/** Ends a recording, and says what is left of it at once. @param most batches */
function finish(recording: Recording, say: (batch: RecordBatch) => void, most: number) {
  const { program, recorder } = recording;
  if (program.recorder() === recorder) end(program);
  let batch = recorder.take(true);
  for (let left = most; batch && left; left--) {
    say(batch);
    batch = batch.last ? null : recorder.take(true);
  }
  for (let i = recordings.length - 1; i >= 0; i--) if (recordings[i] === recording) take(recordings, i);
}

/** Ends all recordings, and says what is left of them at once. @param most batches of each */
function cease(say: (batch: RecordBatch) => void, most: number) {
  orders = [];
  while (recordings.length > 0) finish(recordings[0], say, most);
  waits = false;
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
    if (waits || watchWaits) patience -= Milliseconds.Pause;
    if (waits && patience <= 0) cease(link.post, 0);
    if (watchWaits && patience <= 0) watch(null);
    if (waits) return later();
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
  if (!recordings.length && !watchWaits) return;
  if (!more) return later();
  ticking = true;
  soon();
}
