/** The zip file that is published: what goes in comes out, and the same bytes each time. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crc32, inflateRawSync } from 'node:zlib';
import { zip } from '../../tools/zip.mjs';

/** Reads a zip by its central directory, as unzip does. */
function unzip(file: Buffer): [string, Buffer][] {
  const end = file.lastIndexOf('PK\x05\x06');
  let at = file.readUInt32LE(end + 16);
  return Array.from({ length: file.readUInt16LE(end + 10) }, () => {
    assert.equal(file.readUInt32LE(at), 0x02014b50);
    const name = file.subarray(at + 46, at + 46 + file.readUInt16LE(at + 28)).toString();
    const local = file.readUInt32LE(at + 42);
    assert.equal(file.readUInt32LE(local), 0x04034b50);
    const data = local + 30 + file.readUInt16LE(local + 26) + file.readUInt16LE(local + 28);
    const content = inflateRawSync(file.subarray(data, data + file.readUInt32LE(at + 20)));
    assert.equal(content.length, file.readUInt32LE(at + 24));
    assert.equal(crc32(content), file.readUInt32LE(at + 16));
    at += 46 + file.readUInt16LE(at + 28) + file.readUInt16LE(at + 30) + file.readUInt16LE(at + 32);
    return [name, content];
  });
}

test('what goes in comes out', () => {
  const files: [string, Buffer][] = [
    ['manifest.json', Buffer.from('{}')],
    ['icons/größe.svg', Buffer.from('<svg/>'.repeat(1000))],
    ['empty', Buffer.alloc(0)],
  ];
  assert.deepEqual(unzip(zip(files)), files);
  assert.deepEqual(zip(files), zip(files));
  assert.deepEqual(unzip(zip([])), []);
});
