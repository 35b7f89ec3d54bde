/** CRC-32 as gzip and PNG have it (ISO 3309, RFC 1952 section 8): polynomial 0xedb88320, reflected. */

let table: Uint32Array | undefined;

function makeTable(): Uint32Array {
  return Uint32Array.from({ length: 256 }, (_, byte) => {
    let value = byte;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
    return value;
  });
}

/**
 * @param before checksum of what stands in front of these bytes, to go on with
 * @returns the checksum, 0 … 2³²-1
 */
export function crc32(bytes: Uint8Array, before = 0): number {
  table ??= makeTable();
  let value = ~before;
  for (let i = 0; i < bytes.length; i++) value = (value >>> 8) ^ table[(value ^ bytes[i]) & 0xff];
  return (value ^ 0xffffffff) >>> 0;
}
