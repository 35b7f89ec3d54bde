/** Who makes which handle, by a made-up program whose table is that of wasm_exec.js: against an account that the test keeps itself. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createWatch } from '../../../src/hook/record/watch';
import { type FrameTable, FunctionKind } from '../../../src/protocol/binary';

const NAMES = ['valueGet', 'valueCall', 'valueNew', 'valueSet', 'stringVal', 'finalizeRef'].map(
  (name) => `syscall/js.${name}`,
);
const index = (name: string) => NAMES.findIndex((each) => each.endsWith(name));

const SP = 1024;
/** Address of a closure. */
const CLOSURE = 16384;
/** Bytes of every function's frame, above its return PC. */
const FRAME = 72;
/** Function number 9 ends a stack. */
const FRAMES: FrameTable = {
  index: Int32Array.from({ length: 10 }, () => 0),
  runs: Int32Array.of(1 << 16, FRAME),
  kinds: Uint8Array.from({ length: 10 }, (_, i) => (i === 9 ? FunctionKind.Ends : FunctionKind.Plain)),
};
/** Return PC in block 1 of a function. */
const pc = (number: number) => ((0x1000 + number) << 16) | 1;

/** A Go object as wasm_exec.js begins it, and a memory in which stacks are laid out by hand. */
function stage(number = (each: number) => each) {
  const memory = new ArrayBuffer(1 << 16);
  const words = new Int32Array(memory);
  const values: unknown[] = [Number.NaN, 0, null, true, false, globalThis, 'go'];
  const go = {
    _values: values,
    _goRefCounts: Array.from(values, () => Number.POSITIVE_INFINITY),
    _idPool: [] as number[],
  };
  const ids = new Map<unknown, number>();
  let time = 100;
  const watch = createWatch({
    names: NAMES,
    memory: () => memory,
    goObject: () => go,
    clock: { performance: null, now: () => time },
  });
  const lay = (numbers: number[], sp = SP) => {
    numbers.forEach((each, i) => {
      words[(sp + i * (FRAME + 8)) >> 2] = pc(number(each));
      words[((sp + i * (FRAME + 8)) >> 2) + 1] = 0;
    });
  };
  /** storeValue of wasm_exec.js. */
  const cross = (value: unknown): number => {
    let id = ids.get(value);
    if (id === undefined) {
      id = go._idPool.pop() ?? values.length;
      values[id] = value;
      go._goRefCounts[id] = 0;
      ids.set(value, id);
    }
    go._goRefCounts[id]++;
    return id;
  };
  const call = (name: string, stack: number[], within: () => unknown = () => undefined, sp = SP) => {
    lay([...stack, 9], sp);
    watch.before(sp, index(name));
    return within();
  };
  return {
    ...{ watch, go, words, cross, call },
    pass: (ms: number) => {
      time += ms;
    },
    entered(id: unknown, within: () => void) {
      watch.enter(id);
      within();
      watch.leave();
    },
    /** finalizeRef of wasm_exec.js. */
    drop(id: number) {
      lay([1, 9]);
      words[(SP + 8) >> 2] = id;
      watch.before(SP, index('finalizeRef'));
      if (--go._goRefCounts[id] > 0) return;
      ids.delete(values[id]);
      values[id] = null;
      go._idPool.push(id);
    },
    /** The functions of a handle's stack, by number. */
    maker(id: number): number[] {
      const { stacks, stackWords } = watch.columns(Int32Array.of(id));
      let at = 0;
      for (let number = 1; number < stacks[0]; number++) at += 1 + Math.abs(stackWords[at]);
      return stacks[0]
        ? [...stackWords.slice(at + 1, at + 1 + Math.abs(stackWords[at]))].map((each) => (each >>> 16) - 0x1000)
        : [];
    },
  };
}

/** A number with a fixed beginning. */
function random(seed: number) {
  let state = seed;
  return (most: number) => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return (state >> 8) % most;
  };
}

test('each handle has the stack of the call that it first crossed in, and is counted as often as it crosses', () => {
  const { watch, go, call, cross, drop, entered, maker } = stage();
  watch.use({ frames: FRAMES, staticLow: 0, staticHigh: 0 });
  const next = random(7);
  const account = new Map<number, { stack: number[]; crossings: number; value: unknown }>();
  const held: number[] = [];
  entered(undefined, () => {
    for (let i = 0; i < 5000; i++) {
      if (held.length > 0 && next(3) === 0) {
        const [id] = held.splice(next(held.length), 1);
        drop(id);
        if (!held.includes(id)) account.delete(id);
      } else {
        const stack = [next(4), 4 + next(4), 8];
        const old = held.length > 0 && next(4) === 0 ? account.get(held[next(held.length)])?.value : null;
        const value = old ?? { i };
        const id = call(next(2) ? 'valueGet' : 'valueNew', stack, () => cross(value)) as number;
        held.push(id);
        const known = account.get(id);
        if (known) known.crossings++;
        else account.set(id, { stack: [...stack, 9], crossings: 1, value });
        if (next(5) === 0) call('valueSet', [3, 5, 8]);
      }
    }
  });
  assert.ok(account.size > 500);
  for (const [id, { stack, crossings }] of account) {
    assert.deepEqual(maker(id), stack);
    // Those that Go still holds are counted by wasm_exec.js.
    assert.equal(watch.columns(Int32Array.of(id)).crossings[0] + go._goRefCounts[id], crossings);
  }
});

test('a call that is answered after Go has run within it has its own stack, and what was made within has theirs', () => {
  const { watch, call, cross, entered, maker } = stage();
  watch.use({ frames: FRAMES, staticLow: 0, staticHigh: 0 });
  let [inner, outer] = [0, 0];
  entered(undefined, () => {
    outer = call('valueCall', [1, 8], () => {
      entered(77, () => {
        inner = call('valueGet', [2, 7], () => cross('inner')) as number;
      });
      return cross('outer');
    }) as number;
    call('valueSet', [0]);
  });
  assert.deepEqual(maker(outer), [1, 8, 9]);
  assert.deepEqual(maker(inner), [2, 7, 9]);
  const { handlers, turns } = watch.columns(Int32Array.of(inner, outer));
  assert.deepEqual([...handlers], [77, 0]);
  assert.deepEqual([...turns], [2, 1]);
});

test('what was made before frame sizes were known is walked once they are', () => {
  const { watch, call, cross, entered, maker } = stage();
  const made: number[] = [];
  entered(undefined, () => {
    for (let i = 0; i < 20; i++) made.push(call('valueGet', [i % 3, 5, 8], () => cross({ i })) as number);
  });
  assert.deepEqual(
    [...watch.columns(Int32Array.from(made)).stacks],
    made.map(() => 0),
  );
  watch.use({ frames: FRAMES, staticLow: 0, staticHigh: 0 });
  for (const [i, id] of made.entries()) assert.deepEqual(maker(id), [i % 3, 5, 8, 9]);
});

test('an id that is given to another value is another handle; one from before is none of ours', () => {
  const { watch, call, cross, drop, entered, go } = stage();
  watch.use({ frames: FRAMES, staticLow: 0, staticHigh: 0 });
  go._values.push({ early: true });
  go._goRefCounts.push(1);
  let id = 0;
  const births: number[] = [];
  entered(undefined, () => {
    for (let i = 0; i < 3; i++) {
      id = call('valueGet', [i, 8], () => cross({ i })) as number;
      call('valueSet', [0]);
      births.push(watch.birth(id));
      if (i < 2) drop(id);
    }
  });
  assert.deepEqual(births, [1, 2, 3]);
  assert.equal(watch.birth(7), 0);
  assert.deepEqual([...watch.columns(Int32Array.of(7)).stacks], [0]);
});

test('handles that appear in no call of Go have no maker, nor do those made of what the page put into the pool', () => {
  const { watch, call, cross, entered, go } = stage();
  watch.use({ frames: FRAMES, staticLow: 0, staticHigh: 0 });
  entered(undefined, () => {
    call('valueGet', [1, 8], () => cross({}));
    call('valueGet', [1, 8]);
    go._values.push('a', 'b', 'c');
    call('valueGet', [2, 8]);
    (go._idPool as unknown[]).push('x', Number.NaN, -1, 2 ** 40);
    call('valueGet', [2, 8]);
    go._idPool.pop();
    call('valueGet', [2, 8]);
  });
  const { stacks, lost } = watch.columns(Int32Array.of(8, 9, 10));
  assert.deepEqual([...stacks], [0, 0, 0]);
  assert.ok(lost >= 4);
});

test('a js.Func is known by its number, with the place and the callback it was made in', () => {
  const { watch, call, cross, entered, words } = stage();
  watch.use({ frames: FRAMES, staticLow: 0, staticHigh: 0 });
  const bytes = new TextEncoder().encode('_makeFuncWrapper');
  new Uint8Array(words.buffer).set(bytes, 4096);
  const floats = new Float64Array(words.buffer);
  const funcs: number[] = [];
  entered(undefined, () => {
    entered(5, () => {
      for (let number = 40; number < 43; number++) {
        words[(SP >> 2) + 4] = 4096;
        words[(SP >> 2) + 6] = bytes.length;
        words[(SP >> 2) + 8] = 8192;
        floats[8192 / 8] = number;
        // Function 6 has called js.FuncOf with a closure whose code is function 4.
        words[(SP >> 2) + 2] = CLOSURE;
        words[CLOSURE >> 2] = (0x1000 + 4) << 16;
        funcs.push(call('valueCall', [6], () => cross(() => number)) as number);
      }
      call('valueSet', [0]);
    });
  });
  const { funcs: numbers, handlers, codes } = watch.columns(Int32Array.from(funcs));
  assert.deepEqual([...numbers], [40, 41, 42]);
  assert.deepEqual(
    [...codes].map((code) => code - 0x1000),
    [4, 4, 4],
  );
  assert.deepEqual([...handlers], [5, 5, 5]);
  const told = watch.funcs(Int32Array.of(40, 41, 42, 43));
  assert.deepEqual([...told.handlers], [5, 5, 5, 0]);
  assert.equal(told.made[told.stacks[0]], 3);
});

test('a call that cannot make a handle has made none: what comes with it has no maker', () => {
  const { watch, call, entered, go, maker } = stage();
  watch.use({ frames: FRAMES, staticLow: 0, staticHigh: 0 });
  entered(undefined, () => {
    call('valueGet', [1, 8]);
    call('valueSet', [2, 8], () => go._values.push('by a setter of the page'));
    call('valueSet', [2, 8]);
  });
  assert.deepEqual(maker(7), []);
});

test('functions of a large program, whose PCs have the highest bit, are told too before frame sizes are known', () => {
  const number = (each: number) => (each === 9 ? each : 0x7000 + each);
  const { watch, call, cross, entered, maker } = stage(number);
  const many = 0x7010;
  const kinds = Uint8Array.from({ length: many }, (_, i) => (i === 9 ? FunctionKind.Ends : FunctionKind.Plain));
  let id = 0;
  entered(undefined, () => {
    id = call('valueGet', [1, 5], () => cross({})) as number;
  });
  watch.use({ frames: { ...FRAMES, index: new Int32Array(many), kinds }, staticLow: 0, staticHigh: 0 });
  assert.deepEqual(maker(id), [0x7001, 0x7005, 9]);
});

test('entries deeper than are remembered: what a call gives after one of them has no maker, rather than a wrong one', () => {
  const { watch, call, cross, entered, maker } = stage();
  watch.use({ frames: FRAMES, staticLow: 0, staticHigh: 0 });
  const made: { id: number; level: number }[] = [];
  const enter = (level: number): void =>
    entered(undefined, () => {
      const give = () => {
        if (level < 200) enter(level + 1);
        return cross({ level });
      };
      made.push({ id: call('valueCall', [level % 8], give) as number, level });
    });
  enter(1);
  for (const { id, level } of made) {
    const told = maker(id);
    if (told.length > 0) assert.deepEqual(told, [level % 8, 9], `level ${level}`);
    // The deepest has nothing within.
    else assert.ok(level > 127 && level < 200, `level ${level}`);
  }
});

test('an entry that could not be noted in full is left all the same', () => {
  const memory = new ArrayBuffer(1 << 16);
  const values: unknown[] = [Number.NaN, 0, null, true, false, globalThis, 'go'];
  const go = { _values: values, _idPool: [] };
  let fails = false;
  const watch = createWatch({
    ...{ names: NAMES, memory: () => memory },
    goObject() {
      if (fails) throw new RangeError('Maximum call stack size exceeded');
      return go;
    },
    clock: { performance: null, now: () => 0 },
  });
  watch.use({ frames: FRAMES, staticLow: 0, staticHigh: 0 });
  new Int32Array(memory)[SP >> 2] = pc(9);
  fails = true;
  watch.enter(undefined);
  assert.throws(() => watch.leave(), RangeError);
  fails = false;
  watch.enter(undefined);
  watch.before(SP, index('valueGet'));
  values.push({});
  watch.leave();
  // Between two entries nobody is making anything.
  values.push({});
  watch.enter(undefined);
  watch.leave();
  assert.deepEqual([...watch.columns(Int32Array.of(7, 8)).stacks], [1, 0]);
});

test('a call that nobody said Go was entered for has its own time', () => {
  const { watch, call, cross, pass } = stage();
  watch.use({ frames: FRAMES, staticLow: 0, staticHigh: 0 });
  const ids = [1, 2].map((each) => {
    pass(1000);
    const id = call('valueGet', [each, 8], () => cross({ each })) as number;
    call('valueSet', [0]);
    return id;
  });
  const { times, since } = watch.columns(Int32Array.from(ids));
  assert.deepEqual([...times], [since + 1000, since + 2000]);
});
