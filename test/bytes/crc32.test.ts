/** CRC-32, whole and in parts. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crc32 } from '../../src/bytes/crc32';

test('the checksum of the parts is that of the whole', () => {
  const bytes = new TextEncoder().encode('123456789');
  // The check value of RFC 1952's polynomial (CRC-32/ISO-HDLC).
  for (let at = 0; at <= bytes.length; at++) {
    assert.equal(crc32(bytes.subarray(at), crc32(bytes.subarray(0, at))), 0xcbf43926);
  }
});
