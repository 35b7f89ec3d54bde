/**
 * Maps laid out by hand as Go's sources say, and memory that lies. That real maps of running programs are read right is judged in
 * test/judge/funcs.test.ts.
 */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { createContext, runInContext } from 'node:vm';
import { buildSync } from 'esbuild';
import { countFuncs, walkFuncs } from '../../src/go/funcs-map';
import type { BucketsProbe, FuncsProbe, GroupsProbe } from '../../src/protocol/handles';

const VARIABLE = 0x20;
const BUCKETS: BucketsProbe = {
  ...{ layout: 'buckets', address: VARIABLE, size: 112, key: 8, keyStride: 4, elem: 40, elemStride: 8 },
  ...{ flags: 8, logBuckets: 9, buckets: 16, oldBuckets: 24 },
};
const GROUPS: GroupsProbe = {
  ...{ layout: 'groups', address: VARIABLE, size: 136, key: 8, keyStride: 16, elem: 16, elemStride: 16 },
  ...{ dirPtr: 16, dirLen: 24, groups: 16, lengthMask: 24 },
};
const SPLIT: GroupsProbe = { ...GROUPS, size: 104, keyStride: 4, elem: 40, elemStride: 8 };

const EMPTY = 0x80;
const DELETED = 0xfe;
const SAME_SIZE = 8;

/** A slot: its mark, and the id that lies there, empty or not. */
type Slot = [mark: number, id: number];

class Memory {
  readonly words = new Int32Array(0x4000);
  private end = 0x40;

  take(bytes: number): number {
    const at = this.end;
    this.end += Math.ceil(bytes / 8) * 8;
    return at;
  }

  word(at: number, value: number): void {
    this.words[at / 4] = value;
  }

  byte(at: number, value: number): void {
    new Uint8Array(this.words.buffer)[at] = value;
  }

  /** The function of each id is another: PC_F 0x1000 and the id. */
  closure(id: number): number {
    const at = this.take(16);
    this.word(at, (0x1000 + id) << 16);
    return at;
  }

  /** Writes a bucket or group; slots that are not given have mark `rest`. */
  slots(probe: FuncsProbe, at: number, slots: Slot[], rest: number): void {
    for (let i = 0; i < 8; i++) {
      const [mark, id] = slots[i] ?? [rest, 0];
      this.byte(at + i, mark);
      this.word(at + probe.key + i * probe.keyStride, id);
      if (id > 0) this.word(at + probe.elem + i * probe.elemStride, this.closure(id));
    }
  }

  /** @param chains the buckets of each chain @returns where the first one of each lies, one behind the other */
  buckets(chains: Slot[][][]): number {
    const at = this.take(chains.length * BUCKETS.size);
    for (const [i, chain] of chains.entries()) {
      let bucket = at + i * BUCKETS.size;
      for (const [j, slots] of chain.entries()) {
        this.slots(BUCKETS, bucket, slots, 0);
        if (j + 1 === chain.length) break;
        const next = this.take(BUCKETS.size);
        this.word(bucket + BUCKETS.size - 8, next);
        bucket = next;
      }
    }
    return at;
  }

  bucketMap(count: number, log: number, buckets: number, old = 0, flags = 0): this {
    const map = this.take(48);
    this.word(VARIABLE, map);
    this.word(map, count);
    this.byte(map + BUCKETS.logBuckets, log);
    this.byte(map + BUCKETS.flags, flags);
    this.word(map + BUCKETS.buckets, buckets);
    this.word(map + BUCKETS.oldBuckets, old);
    return this;
  }

  table(probe: GroupsProbe, groups: Slot[][]): number {
    const table = this.take(32);
    const at = this.take(groups.length * probe.size);
    this.word(table + probe.groups, at);
    this.word(table + probe.lengthMask, groups.length - 1);
    for (const [i, slots] of groups.entries()) this.slots(probe, at + i * probe.size, slots, EMPTY);
    return table;
  }

  groupMap(count: number, dirLen: number, dirPtr: number): this {
    const map = this.take(48);
    this.word(VARIABLE, map);
    this.word(map, count);
    this.word(map + GROUPS.dirPtr, dirPtr);
    this.word(map + GROUPS.dirLen, dirLen);
    return this;
  }

  directory(tables: number[]): number {
    const at = this.take(tables.length * 8);
    for (const [i, table] of tables.entries()) this.word(at + i * 8, table);
    return at;
  }
}

function idsOf(words: Int32Array, probe: FuncsProbe): number[] | null {
  const ids: number[] = [];
  const sense = walkFuncs(words, probe, (id, closure, pcF) => {
    ids.push(id);
    assert.equal(words[closure / 4], pcF << 16);
    assert.equal(pcF, 0x1000 + id);
  });
  return sense ? ids.sort((a, b) => a - b) : null;
}

test('while a map of buckets doubles, what has moved is told once, and what has not is told', () => {
  const memory = new Memory();
  // Chain 0 of two has moved to chains 0 and 2 of four; its slots are as they were, but for their marks.
  const old = memory.buckets([
    [
      [
        [2, 1],
        [3, 2],
        [4, 0],
        [2, 3],
      ],
      [[3, 4]],
    ],
    [
      [
        [200, 5],
        [1, 6],
        [5, 7],
      ],
      [
        [1, 8],
        [255, 9],
      ],
    ],
  ]);
  const fresh = memory.buckets([
    [
      [
        [200, 1],
        [77, 3],
        [9, 10],
      ],
    ],
    [[]],
    [
      [
        [99, 2],
        [1, 0],
        [98, 4],
      ],
    ],
    [[]],
  ]);
  memory.bucketMap(8, 2, fresh, old);
  assert.deepEqual(idsOf(memory.words, BUCKETS), [1, 2, 3, 4, 5, 7, 9, 10]);
  assert.equal(countFuncs(memory.words, BUCKETS), 8);
});

test('a map of buckets that is made anew at the same size has as many old ones', () => {
  const memory = new Memory();
  const old = memory.buckets([[[[2, 1]]], [[[50, 2]], [[60, 3]]]]);
  const fresh = memory.buckets([[[[50, 1]]], [[]]]);
  memory.bucketMap(3, 1, fresh, old, SAME_SIZE);
  assert.deepEqual(idsOf(memory.words, BUCKETS), [1, 2, 3]);
  // As if it doubled, only the first one is old.
  const doubling = new Memory();
  const one = doubling.buckets([[[[50, 2]]]]);
  doubling.bucketMap(1, 1, doubling.buckets([[[]], [[]]]), one);
  assert.deepEqual(idsOf(doubling.words, BUCKETS), [2]);
});

test('a small map of groups has one, and deleted and empty slots tell nothing', () => {
  for (const probe of [GROUPS, SPLIT]) {
    const memory = new Memory();
    const group = memory.take(probe.size);
    const slots: Slot[] = [
      [0, 1],
      [DELETED, 2],
      [0x7f, 3],
      [EMPTY, 4],
    ];
    memory.slots(probe, group, slots, EMPTY);
    memory.groupMap(2, 0, group);
    assert.deepEqual(idsOf(memory.words, probe), [1, 3]);
  }
});

test('a table that stands in the directory several times is told once', () => {
  for (const probe of [GROUPS, SPLIT]) {
    const memory = new Memory();
    const first = memory.table(probe, [[[1, 1]], [[DELETED, 2]]]);
    const second = memory.table(probe, [
      [
        [1, 3],
        [2, 4],
      ],
    ]);
    const third = memory.table(probe, [[], [], [], [[0x40, 5]]]);
    memory.groupMap(4, 8, memory.directory([first, first, first, first, second, second, third, third]));
    assert.deepEqual(idsOf(memory.words, probe), [1, 3, 4, 5]);
  }
});

test('no map, an empty one, and js.FuncOf(nil)', () => {
  for (const probe of [BUCKETS, GROUPS]) {
    const none = new Memory();
    assert.deepEqual([countFuncs(none.words, probe), idsOf(none.words, probe)], [0, []]);
    const empty = new Memory();
    if (probe === BUCKETS) empty.bucketMap(0, 0, 0);
    else empty.groupMap(0, 0, 0);
    assert.deepEqual([countFuncs(empty.words, probe), idsOf(empty.words, probe)], [0, []]);
  }
  const memory = new Memory();
  const buckets = memory.buckets([[[[9, 0]]]]);
  memory.word(buckets + BUCKETS.key, 12);
  memory.bucketMap(1, 0, buckets);
  const told: number[][] = [];
  assert.ok(walkFuncs(memory.words, BUCKETS, (...one) => told.push(one)));
  assert.deepEqual(told, [[12, 0, 0]]);
});

test('ids and addresses of more than 31 bits are told as they are', () => {
  const memory = new Memory();
  const buckets = memory.buckets([[[[9, 1]]]]);
  memory.word(buckets + BUCKETS.key, -2);
  memory.bucketMap(1, 0, buckets);
  const told: number[] = [];
  assert.ok(walkFuncs(memory.words, BUCKETS, (id) => told.push(id)));
  assert.deepEqual(told, [0xfffffffe]);
});

/** A map of each layout with one js.Func, and where its parts lie. */
function small(probe: FuncsProbe): { memory: Memory; map: number; part: number; closure: number } {
  const memory = new Memory();
  let part: number;
  if (probe.layout === 'buckets') {
    part = memory.buckets([[[[9, 1]]]]);
    memory.bucketMap(1, 0, part);
  } else {
    const table = memory.table(probe, [[[9, 1]]]);
    part = memory.words[(table + probe.groups) / 4];
    memory.groupMap(1, 1, memory.directory([table]));
  }
  const closure = memory.words[(part + probe.elem) / 4];
  return { memory, map: memory.words[VARIABLE / 4], part, closure };
}

test('what makes no sense is not told', () => {
  for (const probe of [BUCKETS, GROUPS, SPLIT]) {
    assert.deepEqual(idsOf(small(probe).memory.words, probe), [1]);
    const wrong = (what: string, change: (made: ReturnType<typeof small>) => void) => {
      const made = small(probe);
      change(made);
      assert.equal(
        walkFuncs(made.memory.words, probe, () => {}),
        false,
        `${probe.layout}: ${what}`,
      );
    };
    wrong('one more than there is', ({ memory, map }) => memory.word(map, 2));
    wrong('one less than there is', ({ memory, map }) => memory.word(map, 0));
    wrong('a negative count', ({ memory, map }) => memory.word(map, -1));
    wrong('a count of 64 bits', ({ memory, map }) => memory.word(map + 4, 1));
    wrong('a pointer of 64 bits', ({ memory }) => memory.word(VARIABLE + 4, 1));
    wrong('a pointer that is no multiple of 8', ({ memory, map }) => memory.word(VARIABLE, map + 4));
    wrong('a pointer beyond memory', ({ memory }) => memory.word(VARIABLE, -8));
    wrong('a closure beyond memory', ({ memory, part }) => memory.word(part + probe.elem, 0x7ffffff8));
    wrong('a closure in the middle of code', ({ memory, closure }) => memory.word(closure, 0x10010005));
    wrong('a closure of no code', ({ memory, closure }) => memory.word(closure, 0x0fff0000));
    wrong('a closure of 64 bits', ({ memory, closure }) => memory.word(closure + 4, 1));
    wrong('parts that lie beyond memory', ({ memory, map, part }) => {
      const end = memory.words.length * 4;
      if (probe.layout === 'buckets') memory.word(map + probe.buckets, end - 8);
      else memory.word(memory.words[memory.words[(map + probe.dirPtr) / 4] / 4] + probe.groups, end - 8);
      assert.ok(part < end);
    });
  }
});

/** Linear memory that counts how often it is looked at. */
function counting(words: Int32Array): { words: Int32Array; reads: () => number } {
  let reads = 0;
  const proxy = new Proxy(words, {
    get(target, key) {
      reads++;
      return target[key as unknown as number];
    },
  });
  return { words: proxy, reads: () => reads };
}

/** An entry of a directory is a pointer of two words and what it points at, and there are half a million at most. */
const MOST_READS = 4 << 19;

test('memory that lies ends soon, and tells no more than it says there is', () => {
  const lies: [what: string, probe: FuncsProbe, change: (made: ReturnType<typeof small>) => void][] = [
    ['a chain that ends in itself', BUCKETS, ({ memory, part }) => memory.word(part + 104, part)],
    ['more buckets than memory has', BUCKETS, ({ memory, map }) => memory.byte(map + BUCKETS.logBuckets, 18)],
    ['2^255 buckets', BUCKETS, ({ memory, map }) => memory.byte(map + BUCKETS.logBuckets, 255)],
    ['old buckets that are the new ones', BUCKETS, ({ memory, map, part }) => memory.word(map + 24, part)],
    ['a directory longer than memory', GROUPS, ({ memory, map }) => memory.word(map + GROUPS.dirLen, 1 << 19)],
    ['a directory of 2^31', GROUPS, ({ memory, map }) => memory.word(map + GROUPS.dirLen, 0x7fffffff)],
    [
      'as many groups as a number holds',
      GROUPS,
      ({ memory, map }) => memory.word(memory.words[memory.words[(map + 16) / 4] / 4] + 24, 0x7fffffff),
    ],
    ['a table that is the map', GROUPS, ({ memory, map }) => memory.word(memory.words[(map + 16) / 4], map)],
    ['as many js.Funcs as a number holds', GROUPS, ({ memory, map }) => memory.word(map, 0x7fffffff)],
    ['a million js.Funcs', BUCKETS, ({ memory, map }) => memory.word(map, 1 << 20)],
  ];
  for (const [what, probe, change] of lies) {
    const made = small(probe);
    change(made);
    const { words, reads } = counting(made.memory.words);
    let told = 0;
    assert.equal(
      walkFuncs(words, probe, () => told++),
      false,
      what,
    );
    assert.ok(told <= 1, what);
    assert.ok(reads() < MOST_READS, `${what}: ${reads()} reads`);
  }
});

test('a chain that ends in itself ends, and tells a million js.Funcs at most', () => {
  for (const mark of [9, 0]) {
    const { memory, map, part } = small(BUCKETS);
    memory.word(map, 1 << 20);
    memory.byte(part, mark);
    memory.word(part + BUCKETS.size - 8, part);
    let told = 0;
    assert.equal(
      walkFuncs(memory.words, BUCKETS, () => told++),
      false,
    );
    assert.ok(told < 1 << 20);
  }
});

test('any memory at all is read to its end', () => {
  // Marsaglia's xorshift with a fixed seed.
  let state = 7;
  const roll = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
  let sense = 0;
  for (let round = 0; round < 3000; round++) {
    const probe = [BUCKETS, GROUPS, SPLIT][round % 3];
    const words = new Int32Array(256);
    // Words are 0, numbers, marks, code, or pointers: mostly into this memory.
    for (let i = 0; i < words.length; i++) {
      const kinds = [0, 0, roll() % 4, roll(), (roll() % 0x3000) << 16, (roll() % 128) * 8, (roll() % 130) * 8];
      words[i] = kinds[roll() % kinds.length];
    }
    words[VARIABLE / 4] = (roll() % 128) * 8;
    words[VARIABLE / 4 + 1] = 0;
    const { words: counted, reads } = counting(words);
    const count = countFuncs(words, probe);
    let told = 0;
    if (walkFuncs(counted, probe, () => told++)) sense++;
    assert.ok(told <= Math.max(count, 0));
    assert.ok(reads() < MOST_READS, `round ${round}: ${reads()} reads`);
  }
  assert.ok(sense > 0 && sense < 3000, `${sense} made sense`);
});

test('a page that has replaced every method and accessor changes nothing', () => {
  const built = buildSync({
    stdin: {
      contents: "export { countFuncs, walkFuncs } from './src/go/funcs-map';",
      resolveDir: join(process.env.GOWASM_ROOT ?? '.'),
      loader: 'ts',
    },
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'map',
    target: 'chrome148',
    minify: true,
  });
  for (const probe of [BUCKETS, GROUPS, SPLIT]) {
    const { memory } = small(probe);
    const told: number[] = [];
    const context = createContext({ bytes: [...memory.words], told, probe: JSON.stringify(probe) });
    const outcome = runInContext(
      `const words = new Int32Array(bytes);
       const asked = JSON.parse(probe);
       ${built.outputFiles[0].text}
       const { countFuncs, walkFuncs } = map;
       const out = { traps: 0, count: 0, sense: false, id: 0, pcF: 0 };
       const trap = () => { throw new Error('called'); };
       const roots = [Object, Function, Array, Number, Boolean, String, Symbol, Int32Array, Object.getPrototypeOf(Int32Array)];
       const reached = [Math, JSON, Reflect, ...roots.flatMap((root) => [root, root.prototype])];
       const define = Object.defineProperty;
       const all = reached.flatMap((each) => Reflect.ownKeys(each).map((key) => [each, key]));
       const open = all.filter(([each, key]) => Object.getOwnPropertyDescriptor(each, key).configurable);
       const { length } = open;
       for (let i = 0; i < length; i++) define(open[i][0], open[i][1], { get: trap, set: trap });
       out.traps = length;
       out.count = countFuncs(words, asked);
       out.sense = walkFuncs(words, asked, (id, closure, pcF) => { out.id = id; out.pcF = pcF; });
       out;`,
      context,
    );
    const { traps, ...read } = outcome;
    assert.ok(traps > 250, `${traps} replaced`);
    assert.deepEqual(read, { count: 1, sense: true, id: 1, pcF: 0x1001 });
  }
});
