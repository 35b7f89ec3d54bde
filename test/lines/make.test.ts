/**
 * Exact lines out of the compiler's own listing, for each spelling that a release has: the listing is the truth for lines. That
 * they stand at the right instructions is held against what is not our aligner: pclntab at every call, a second, plain reading
 * of the listing, and where V8 trapped.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { must } from '../../src/bytes/malformed';
import { encodeTable } from '../../src/lines/table';
import { Program } from '../../src/program';
import { Operators } from '../../src/wasm/operators';
import { openFixture } from '../fixtures/open';
import { runFixture } from '../fixtures/run';
import { linesOf, listed, listingOf, makeLines } from './listings';

const NEWEST = 'go1.27/judge-stripped';

/** A program that knows its lines. */
function exactly(name: string): Program {
  const program = new Program(openFixture(name));
  must(program.attachLines(encodeTable(linesOf(name).table)));
  return program;
}

function bodies(program: Program): { offsets: Uint32Array; sizes: Uint32Array } {
  const code = must(program.module.code());
  assert.ok(code);
  return code;
}

const nameOf = (program: Program, number: number) => {
  const pclntab = must(program.go.pclntab());
  return pclntab.name(pclntab.func(number).nameOff);
};

test('listings of the releases are there: old names and numbers, before and after', () => {
  assert.deepEqual(listed, [...[13, 19, 21, 24].map((minor) => `go1.${minor}/judge-stripped`), NEWEST]);
});

for (const name of listed) {
  test(`${name}: every function that the listing has gets a line for every instruction`, () => {
    const { aligned, functions, notAligned, otherBuild, covered } = linesOf(name);
    assert.equal(otherBuild, null);
    assert.deepEqual(
      notAligned.filter(({ why }) => why !== 'not listed'),
      [],
    );
    assert.equal(aligned + notAligned.length, functions);
    const program = exactly(name);
    const { offsets, sizes } = bodies(program);
    // Some functions of these packages are made elsewhere: by linkname, or for a generic function's user.
    const elsewhere = new Set(notAligned.map(({ name: each }) => each));
    const packages = /^(?:main|errors|internal\/bytealg|sort|unicode\/utf8)\.|^(?:memeqbody|cmpbody|memcmp|memchr)$/;
    assert.ok(
      [...elsewhere].filter((each) => packages.test(each)).length < 12,
      [...elsewhere].filter((each) => packages.test(each)).join(' '),
    );
    let asked = 0;
    for (let number = 0; number < offsets.length; number++) {
      if (!packages.test(nameOf(program, number)) || elsewhere.has(nameOf(program, number))) continue;
      const body = program.module.bytes.subarray(offsets[number], offsets[number] + sizes[number]);
      for (const operators = new Operators(body, offsets[number]); operators.next(); asked++) {
        const located = program.locate(operators.at);
        assert.deepEqual(
          [located?.via, located?.precision],
          ['exact', 'exact'],
          `${nameOf(program, number)} at ${operators.at}`,
        );
      }
    }
    assert.ok(asked > 30_000 && asked <= covered, `${asked} instructions`);
  });

  test(`${name}: every call has the frames that pclntab has for its return PC`, () => {
    const [exact, plain] = [exactly(name), new Program(openFixture(name))];
    let compared = 0;
    for (let number = 0; number < bodies(plain).offsets.length; number++) {
      const body = plain.locator.body(number);
      for (const [i, offset] of (body?.calls ?? []).entries()) {
        // Up to 1.20 the call of morestack is in one block with the first line; pclntab knows the end of a block.
        if ((body?.returnPCs[i] ?? 0) % 0x10000 === 0) continue;
        const [told, truth] = [exact.locate(offset), plain.locate(offset)];
        if (told?.via !== 'exact' || truth?.precision !== 'exact') continue;
        compared++;
        assert.deepEqual(told.frames, truth.frames, `at ${offset}`);
      }
    }
    assert.ok(compared > 700, `${compared} calls`);
  });

  test(`${name}: the inlined call of an instruction is of the file that its line is in`, () => {
    const program = exactly(name);
    const exact = program.exactLines();
    const lines = must(program.go.lines());
    let inlined = 0;
    for (let number = 0; number < bodies(program).offsets.length; number++) {
      if (!exact?.knows(number)) continue;
      const func = lines.pclntab.func(number);
      const tables = lines.tables(func);
      const files = new Map<number, Set<string>>();
      for (let block = 0; block < tables.lines.size; block++) {
        const node = tables.nodes.at(block);
        const known = files.get(node) ?? new Set();
        files.set(node, known.add(lines.pclntab.file(func, tables.files.at(block))));
      }
      exact.eachRun(number, (instruction, block, { file }) => {
        const node = tables.nodes.at(block);
        if (node >= 0) inlined++;
        // The compiler's own beginning of a package's init ends no block.
        if (node < 0 && file === '<autogenerated>') return;
        assert.ok(files.get(node)?.has(file), `${nameOf(program, number)}, instruction ${instruction}: ${file}`);
      });
    }
    assert.ok(inlined > 100, `${inlined} runs of inlined calls`);
  });

  test(`${name}: a second reading of the listing, by count alone, has the same line at every instruction`, () => {
    const program = exactly(name);
    const truth = plainly(listingOf(name).toString());
    const { offsets, sizes } = bodies(program);
    let compared = 0;
    for (let number = 0; number < offsets.length; number++) {
      const places = truth.get(nameOf(program, number));
      if (!places) continue;
      const body = program.module.bytes.subarray(offsets[number], offsets[number] + sizes[number]);
      const operators = new Operators(body, offsets[number]);
      for (const place of places) {
        assert.ok(operators.next(), nameOf(program, number));
        // Instructions that the compiler gave no position, and what the assembler writes last.
        if (place === '') continue;
        const [frame] = program.locate(operators.at)?.frames ?? [];
        assert.equal(`${frame?.file}:${frame?.line}`, place, `${nameOf(program, number)} at ${operators.at}`);
        compared++;
      }
      assert.equal(operators.next(), true, 'the end of the body');
      assert.equal(operators.next(), false);
    }
    assert.ok(compared > 20_000, `${compared} instructions`);
  });
}

/** Places of each instruction of ordinary functions: what each listed line makes, told by its name alone. */
function plainly(listing: string): Map<string, string[]> {
  const functions = new Map<string, string[]>();
  const twice = new Set<string>();
  let prefix = '';
  for (const part of listing.split(/\n(?=\S)/)) {
    const lines = part.split('\n');
    if (part.startsWith('# ')) prefix = part.slice(2).replace('example.com/judge', 'main');
    const name = /^(\S+) STEXT/.exec(lines[0])?.[1].replaceAll('""', prefix);
    if (lines[1] === undefined) continue;
    // Assembly and exported functions have their own rules for SP; a closure's hash is another test's business.
    if (
      !name ||
      /\tCall\twasm_pc_f_loop_export/.test(part) ||
      /\.s:\d+\)\tTEXT/.test(lines[1]) ||
      /#/.test(name) ||
      functions.has(name)
    ) {
      if (name) twice.add(name);
      continue;
    }
    const rows = lines.flatMap((line) => {
      const match = /^\t0x\w+ \d{5,} \((?:(.*?):(\d+)(?:\[.*\])?|<unknown line number>)\)\t(\S+)(?:\t(.*))?$/.exec(
        line,
      );
      return match
        ? [
            {
              place: match[1] === undefined ? '' : `${match[1]}:${match[2]}`,
              op: match[3],
              operand: match[4],
            },
          ]
        : [];
    });
    const places = [rows[0].place, rows[0].place];
    rows.forEach(({ place, op, operand }, i) => {
      if (/^(?:TEXT|NOP|FUNCDATA|PCDATA)$/.test(op)) return;
      const before = rows[i - 1];
      const local = /^(?:[RF]\d+|PC_B)$/;
      const merged = op === 'Get' && before.op === 'Set' && before.operand === operand && local.test(operand);
      const made = merged ? 0 : op === 'Call' || op === 'CallIndirect' ? 3 : op === 'Set' && operand === 'SP' ? 2 : 1;
      for (let k = 0; k < made; k++) places.push(place);
    });
    functions.set(name, places);
  }
  for (const name of twice) functions.delete(name);
  return functions;
}

test('a store that traps reads its own line, where pclntab knows only candidates', async () => {
  const run = await runFixture(NEWEST, ['out-of-bounds'], {});
  const stack = run.uncaught[0]?.stack ?? '';
  const offset = Number.parseInt(/:0x([0-9a-f]+)/.exec(stack)?.[1] ?? '', 16);
  const truth = run.snaps.find(({ label }) => label === 'line before')?.truth[1];
  assert.ok(truth, stack);
  const located = exactly(NEWEST).locate(offset);
  assert.equal(located?.via, 'exact');
  assert.deepEqual(
    located.frames.map(({ function: name, file, line }) => [name, file, line]),
    [['main.outOfBounds', truth.file, truth.line + 1]],
  );
  assert.equal(new Program(openFixture(NEWEST)).locate(offset)?.precision, 'candidates');
});

test('pieces may be cut anywhere', () => {
  const text = listingOf(NEWEST).toString();
  const part = Buffer.from(text.slice(text.indexOf('# sort'), text.indexOf('\n# example.com')));
  const whole = makeLines(NEWEST, part, part.length);
  assert.deepEqual(makeLines(NEWEST, part, 4093).table, whole.table);
  assert.ok(whole.aligned > 5);
});

test('the addresses of variables are those of their initial values', () => {
  const program = exactly('go1.24/judge-stripped');
  const lines = program.exactLines();
  assert.ok(lines && lines.table.symbols.length > 5);
  const image = must(program.go.image());
  // utf8.first begins with 16 × 8 times 0xf0: ASCII (unicode/utf8/utf8.go).
  const first = lines.addressOf('unicode/utf8.first');
  assert.ok(first !== null);
  assert.deepEqual([...image.slice(first, 256)].slice(126, 130), [0xf0, 0xf0, 0xf1, 0xf1]);
  assert.equal(lines.variableAt(first), 'unicode/utf8.first');
  assert.equal(lines.variableAt(first + 1), null);
});

test('a listing of another build is recognised: another release, lines that moved, code that changed', () => {
  const text = listingOf(NEWEST).toString();
  const refused = (listing: string) => makeLines(NEWEST, Buffer.from(listing)).otherBuild ?? 'taken';
  assert.match(refused(listingOf('go1.24/judge-stripped').toString()), /functions differ|none/);
  assert.match(
    refused(text.replace(/(judge\/\w+\.go:)(\d+)/g, (_, file, line) => `${file}${Number(line) + 1}`)),
    /^package main: \d+ of \d+ functions differ$/,
  );
  assert.match(refused(text.replace(/(judge\/\w+)(\.go:)/g, '$1x$2')), /^package main/);
  assert.match(refused(''), /no functions/);
  assert.equal(refused(text), 'taken');
});

test('one function that changed is named and gets no lines; the rest keeps its own', () => {
  const text = listingOf(NEWEST).toString();
  const changed = text.replace(
    /(\nmain\.outOfBounds STEXT[\s\S]*?\n\t0x0000 \w\w \w\w \w\w) (\w\w)/,
    (_, before, byte) => `${before} ${byte === '00' ? '01' : '00'}`,
  );
  assert.notEqual(changed, text);
  const { notAligned, aligned, otherBuild } = makeLines(NEWEST, Buffer.from(changed));
  assert.deepEqual(
    notAligned.filter(({ why }) => why !== 'not listed'),
    [{ name: 'main.outOfBounds', why: 'other code' }],
  );
  assert.deepEqual([aligned, otherBuild], [linesOf(NEWEST).aligned - 1, null]);
});

test('two listings of one function that differ where no block ends: neither is taken', () => {
  const text = listingOf(NEWEST).toString();
  const own = /\n(main\.outOfBounds STEXT[\s\S]*?)\n(?=\S)/.exec(text)?.[1] ?? '';
  const twin = own.replace(/(\d)(\)\tI64Const\t\$1\n)/, (_, digit, rest) => `${digit}0${rest}`);
  const again = (listing: string) =>
    makeLines(NEWEST, Buffer.from(`${text}${listing}\n`)).notAligned.filter(({ why }) => why !== 'not listed');
  assert.deepEqual(again(own), [], 'the same twice is no doubt');
  assert.ok(twin !== own);
  assert.deepEqual(again(twin), [{ name: 'main.outOfBounds', why: 'several listings' }]);
});
