/** Files that begin with eight letters, a version, a length and a checksum; and each way in which one may be none. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crc32 } from '../../src/bytes/crc32';
import { Malformed } from '../../src/bytes/malformed';
import { beginSealed, openSealed, SEALED_FROM, seal } from '../../src/bytes/sealed';

const KIND = { letters: 'gosample', version: 3, word: 'sample', what: 'a sample' };

function made(): Uint8Array {
  const out = beginSealed(KIND).uleb(7).uleb(300);
  const bytes = out.done();
  seal(out, bytes.length - SEALED_FROM, crc32(bytes.subarray(SEALED_FROM)));
  return bytes;
}

test('what was sealed is opened; its head is letters, version, length and checksum', () => {
  const bytes = made();
  assert.equal(Buffer.from(bytes).toString('latin1', 0, 8), 'gosample');
  const head = new DataView(bytes.buffer, bytes.byteOffset);
  // CRC-32 of 07 ac 02.
  assert.deepEqual([bytes[8], head.getUint32(9, true), head.getUint32(13, true)], [3, 3, crcOf([7, 0xac, 2])]);
  const reader = openSealed(bytes, KIND);
  assert.deepEqual([reader.leb32(), reader.leb32(), reader.left], [7, 300, 0]);
});

test('another kind, another version, a cut or a changed file is refused', () => {
  const bytes = made();
  const refused = (file: Uint8Array) => {
    try {
      openSealed(file, KIND);
      return '';
    } catch (error) {
      assert.ok(error instanceof Malformed);
      return error.message;
    }
  };
  const changed = (at: number, to: number) => {
    const copy = bytes.slice();
    copy[at] = to;
    return refused(copy);
  };
  assert.match(refused(new Uint8Array(0)), /expected a sample \("gosample"\).* at offset 0x0$/);
  assert.match(changed(7, 0x20), /expected a sample \("gosample"\)/);
  assert.match(changed(8, 4), /expected version 3 of the sample/);
  assert.match(changed(9, 4), /expected 4 bytes, and not 3/);
  assert.match(changed(bytes.length - 1, 3), /add up to the checksum/);
  for (let length = 8; length < bytes.length; length++) assert.notEqual(refused(bytes.subarray(0, length)), '');
});

/** By the definition of CRC-32 (ISO 3309), bit by bit. */
function crcOf(bytes: number[]): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}
