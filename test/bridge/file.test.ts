/** Captures as files: what goes in comes out; what is cut, changed, foreign or makes no sense is refused in one line. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Capture } from '../../src/bridge/capture';
import { decodeCapture, encodeCapture } from '../../src/bridge/file';
import { crc32 } from '../../src/bytes/crc32';
import { Malformed } from '../../src/bytes/malformed';
import { Writer } from '../../src/bytes/writer';
import { captureOf } from './captures';

const ABOUT = { fingerprint: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8), size: 1_234_567, title: 'main.wasm größer' };

const sample = () =>
  captureOf(
    [
      { operation: 'syscall/js.valueGet', target: 'x', pcs: [0x1000_0001, 0xfffe_0002], calls: 3, totalMs: 1.25 },
      { operation: 'syscall/js.copyBytesToGo', pcs: [0x1000_0001], whole: false, calls: 2 ** 40, bytes: 2 ** 45 },
      { operation: 'callback', calls: 1, timed: 1, totalMs: 9, selfMs: -0.125 },
    ],
    [
      [1, 1, 0, 900.000_25, 900.5],
      [2, 1, 0xffff_fff0 | 0, 900.6, 900.6],
      [3, 0, 7, 899, 1000],
    ],
    { dropped: 5, lost: 2, every: 17, receivers: Int32Array.of(2, 1), state: STATE },
  );

/** What was seen in memory: two rows of the time, the size of memory and one word, and a change of goroutine. */
const STATE = {
  ...{ width: 3, goClock: -0.25, lost: 4, goroutines: Float64Array.of(899.5, 21) },
  rows: Float64Array.of(899, 65536, 7, 900, 131072, 8),
};

/** Everything that a face reads of one. */
function told(capture: Capture) {
  const { operations, targets, began, now, origin, dropped, lost, clockStep, every } = capture;
  return {
    ...{ operations, targets, began, now, origin, dropped, lost, clockStep, every },
    entries: Array.from({ length: capture.entries }, (_, number) => capture.entry(number)),
    stacks: Array.from({ length: capture.stacks.length }, (_, number) => capture.stack(number)),
    state: [
      capture.rowWidth,
      capture.goClock,
      capture.stateLost,
      ...capture.rows.slice(),
      ...capture.goroutines.slice(),
    ],
    events: [...capture.events.slice()],
    times: [...capture.times.slice()].map((time) => Math.round(time * 1e6)),
  };
}

/** A file whose checksum is right, whatever it says. */
function sealed(body: Uint8Array): Uint8Array {
  return new Writer().text('gobridge').u8(1).u32(body.length).u32(crc32(body)).append(body).done();
}

test('CRC-32 is that of gzip', () => {
  // The check value of RFC 1952's polynomial (CRC-32/ISO-HDLC).
  assert.equal(crc32(new TextEncoder().encode('123456789')), 0xcbf43926);
});

test('a capture comes back as it went', () => {
  const capture = sample();
  const back = decodeCapture(encodeCapture(capture, ABOUT));
  assert.deepEqual(told(back.capture), told(capture));
  assert.deepEqual(back.about, ABOUT);
  assert.deepEqual([...back.capture.stack(1).pcs], [0x1000_0001, 0xfffe_0002], 'PCs of functions far behind');
  const empty = decodeCapture(encodeCapture(new Capture(), ABOUT));
  assert.deepEqual(told(empty.capture), told(new Capture()));
});

test('what came in many batches is one file', () => {
  const capture = sample();
  assert.ok(
    capture.add({
      ...{ instance: 1, number: 2, now: 1001, origin: 1.7e12, operations: ['run'], targets: [], last: true },
      ...{
        stacks: new Int32Array(),
        entries: Int32Array.of(4, 1, 2),
        receivers: Int32Array.of(4, 1),
        counts: Float64Array.of(4, 1, 0, 1, 2, 2),
      },
      ...{ events: Int32Array.of(4, 0, 0), times: Float64Array.of(1, 1001) },
      ...{ dropped: 6, lost: 2, clockStep: 0.004, every: 1 },
    }),
  );
  assert.deepEqual(told(decodeCapture(encodeCapture(capture, ABOUT)).capture), told(capture));
});

test('cut, changed and foreign files are refused, with what was expected where', () => {
  const file = encodeCapture(sample(), ABOUT).slice();
  const why = (bytes: Uint8Array): string => {
    try {
      decodeCapture(bytes);
      return 'taken';
    } catch (error) {
      assert.ok(error instanceof Malformed);
      return error.message;
    }
  };
  assert.equal(why(new TextEncoder().encode('{"a":1}')), 'expected a capture of the bridge ("gobridge") at offset 0x0');
  assert.equal(why(new Uint8Array()), 'expected a capture of the bridge ("gobridge") at offset 0x0');
  for (let length = 0; length < file.length; length++) {
    assert.match(why(file.slice(0, length)), /^expected .* at offset 0x[0-9a-f]+$/);
  }
  assert.match(why(Uint8Array.from([...file, 0])), /^expected \d+ bytes, and not \d+ at offset 0x11$/);
  for (let at = 0; at < file.length; at++) {
    for (let bit = 0; bit < 8; bit++) {
      file[at] ^= 1 << bit;
      assert.notEqual(why(file), 'taken', `bit ${bit} of byte ${at}`);
      file[at] ^= 1 << bit;
    }
  }
  assert.equal(why(file), 'taken');
  file[8] = 2;
  assert.equal(why(file), 'expected version 1 of the capture at offset 0x8');
});

test('numbers that stand for nothing are refused, whatever the checksum says', () => {
  const whole = encodeCapture(sample(), ABOUT).slice(17);
  assert.doesNotThrow(() => decodeCapture(sealed(whole)));
  let refused = 0;
  for (let at = 0; at < whole.length; at++) {
    const work = whole.slice();
    work[at] = 0xff;
    try {
      decodeCapture(sealed(work));
    } catch (error) {
      assert.ok(error instanceof Malformed, `${error}`);
      refused++;
    }
  }
  assert.ok(refused > whole.length / 4, `${refused} of ${whole.length}`);
});
