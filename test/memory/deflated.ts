/** Bytes as DEFLATE, and what only looks so: name, deflated, the size asked for, what comes out of it. */
import { deflateRawSync } from 'node:zlib';

const plain = Uint8Array.from({ length: 300_000 }, (_, i) => ((i * i) >> 7) % 256);
const bytes = (buffer: Uint8Array) => Uint8Array.from(buffer);

export const TEXT = plain;

export const GOOD: [name: string, deflated: Uint8Array, size: number][] = [
  ...[0, 1, 6, 9].map((level): [string, Uint8Array, number] => [
    `level ${level}`,
    bytes(deflateRawSync(plain, { level })),
    plain.length,
  ]),
];

const deflated = bytes(deflateRawSync(plain));

export const BAD: [name: string, deflated: Uint8Array, size: number][] = [
  ['one byte more', deflated, plain.length + 1],
  ['one byte less', deflated, plain.length - 1],
  ['none', deflated, 0],
  ['cut', deflated.slice(0, -1), plain.length],
  ['cut to half', deflated.slice(0, deflated.length / 2), plain.length],
  ['nothing', new Uint8Array(), plain.length],
  ['no DEFLATE', Uint8Array.of(0xff, 0xff, 1), plain.length],
  ['a back reference to before the beginning', Uint8Array.of(0x03, 0x02, 0x00), 3],
  ['a bomb', bytes(deflateRawSync(new Uint8Array(1 << 26))), 65536],
];

/** What stands behind the end. */
export const TRAILED: [name: string, deflated: Uint8Array, size: number] = [
  'more behind the end',
  Uint8Array.from([...deflated, 1, 2, 3]),
  plain.length,
];
