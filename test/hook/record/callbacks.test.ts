/** The recorder over a memory made by hand: which function a callback is told to be, what a copy moved, what is open at the end. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Capture } from '../../../src/bridge/capture';
import { readProfile } from '../../../src/bridge/profile';
import { createRecorder } from '../../../src/hook/record/recorder';
import { FunctionKind } from '../../../src/protocol/binary';

/** Functions by number; each has a frame of 8 bytes. */
enum Func {
  Goexit,
  HandleEvent,
  Get,
  Main,
  First,
  Second,
}
const KINDS = [FunctionKind.Ends, FunctionKind.HandlesEvent, FunctionKind.Bridge, 0, 0, 0];
const pc = (func: Func, block = 1) => ((0x1000 + func) << 16) | block;
const frames = {
  index: Int32Array.from(KINDS, (_, i) => i * 4),
  runs: Int32Array.from(KINDS.flatMap(() => [1 << 16, 8, 1 << 16, -1])),
  kinds: Uint8Array.from(KINDS),
};

function recording() {
  const memory = new ArrayBuffer(4096);
  const words = new Int32Array(memory);
  let time = 0;
  const names = ['runtime.nanotime1', 'syscall/js.copyBytesToGo'];
  const recorder = createRecorder(
    {
      ...{ instance: 1, names, memory: () => memory, nameOf: () => '', receiverOf: () => '' },
      clock: { performance: null, now: () => ++time, origin: 0 },
    },
    { every: 1, frames, staticLow: 0, staticHigh: 0 },
  );
  /** Writes a stack, innermost first, whose outermost frame lies at `top`. @returns SP */
  const stack = (top: number, ...funcs: Func[]): number => {
    const sp = top - (funcs.length - 1) * 16;
    for (const [i, func] of funcs.entries()) words[(sp + i * 16) / 4] = pc(func);
    return sp;
  };
  return {
    ...{ recorder, words, stack },
    /** An import is called and returns. */
    call(sp: number, index = 0) {
      if (recorder.before(sp, index)) recorder.after();
    },
    /** By operation and function of the stack: its calls. */
    told(): Record<string, number> {
      const capture = new Capture();
      for (let batch = recorder.take(true); batch; batch = batch.last ? null : recorder.take(true)) {
        assert.ok(capture.add(batch));
      }
      const told: Record<string, number> = {};
      for (const { operation, sites } of readProfile(capture, null).operations) {
        for (const { stack, count } of sites) {
          const funcs = [...capture.stack(stack).pcs].map((pc) => Func[(pc >>> 16) - 0x1000]);
          told[`${operation} ${funcs.join(' ')}`.trim()] = count;
        }
      }
      return told;
    },
  };
}

const { Goexit, HandleEvent, Get, Main, First, Second } = Func;

test('a callback within a callback is told by its own function', () => {
  const { recorder, stack, call, told } = recording();
  const outer = recorder.enter('callback');
  call(stack(1024, Get, HandleEvent, Goexit));
  call(stack(1024, First, HandleEvent, Goexit));
  const inner = recorder.enter('callback');
  // runtime.handleEvent looks at the clock before syscall/js asks what has happened.
  call(stack(1024, Main, First, HandleEvent, Goexit));
  call(stack(1024, Get, HandleEvent, First, HandleEvent, Goexit));
  call(stack(1024, Second, HandleEvent, First, HandleEvent, Goexit));
  recorder.leave(inner);
  recorder.leave(outer);
  const { 'callback First': first, 'callback Second': second } = told();
  assert.deepEqual([first, second], [1, 1]);
});

test('a callback that calls nothing is not told to be one that waited and goes on meanwhile', () => {
  const { recorder, stack, call, told } = recording();
  const waits = recorder.enter('callback');
  call(stack(1024, Get, HandleEvent, Goexit));
  call(stack(1024, First, HandleEvent, Goexit));
  const wakes = recorder.enter('callback');
  call(stack(2048, Get, HandleEvent, Main, Goexit));
  call(stack(1024, First, HandleEvent, Goexit));
  recorder.leave(wakes);
  recorder.leave(waits);
  const { 'callback First': first, callback } = told();
  assert.deepEqual([first, callback], [1, 1]);
});

test('a copy counts the bytes that it says it copied, and none when it fails', () => {
  const { recorder, stack, words } = recording();
  const sp = stack(1024, Main, Goexit);
  const copy = (bytes: number, ok: number) => {
    assert.equal(recorder.before(sp, 1), 1);
    words[(sp + 40) / 4] = bytes;
    words[(sp + 48) / 4] = ok;
    recorder.after();
  };
  copy(300, 1);
  copy(77, 0x100);
  copy(5, 1);
  const batch = recorder.take();
  assert.deepEqual([...(batch?.counts ?? [])].slice(0, 3), [1, 3, 305], 'entry, calls, bytes');
  assert.deepEqual([...(batch?.events ?? [])], [1, 0, 300, 1, 0, 0, 1, 0, 5], 'entry, depth, bytes of each');
});

test('what is open when the program ends is ended: the exit within the run', () => {
  const { recorder, stack, told } = recording();
  recorder.enter('run');
  recorder.before(stack(1024, Main, Goexit), 0);
  recorder.end();
  assert.deepEqual(told(), { run: 1, 'nanotime1 Main Goexit': 1 });
});

test('a trap leaves calls open; the next entry stands where it belongs', () => {
  const { recorder, stack, call } = recording();
  const run = recorder.enter('run');
  recorder.before(stack(1024, Main, Goexit), 0);
  recorder.leave(run);
  const resume = recorder.enter('resume');
  call(stack(1024, Main, Goexit));
  recorder.leave(resume);
  const depths = [...(recorder.take()?.events ?? [])].filter((_, i) => i % 3 === 1);
  assert.deepEqual(depths, [0, 1, 0]);
});

test('a stack whose walk ends on the system stack says that it is not whole', () => {
  const { recorder, stack, call, words } = recording();
  const sp = stack(1024, Main, Goexit);
  // A PC of no function of the program.
  words[(sp + 16) / 4] = 0x0fff0001;
  call(sp);
  assert.deepEqual([...(recorder.take()?.stacks ?? [])], [-1, pc(Main)]);
});
