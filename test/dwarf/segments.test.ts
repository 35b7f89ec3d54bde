/** Ranges that nest and overlap, against asking each of them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NOBODY, Segments } from '../../src/dwarf/segments';

/** @returns the owner of each address below 110, asked in the plainest way */
function plainly(ranges: [low: number, high: number, rank: number][]): number[] {
  return Array.from({ length: 110 }, (_, address) =>
    ranges.reduce((best, [low, high, rank]) => (low <= address && address < high ? Math.max(best, rank) : best), -1),
  );
}

function owners(ranges: [number, number, number][]): { found: number[]; stretches: [number, number][] } {
  const segments = new Segments();
  for (const [low, high, rank] of ranges) segments.add(low, high, rank);
  segments.close();
  const found = Array.from({ length: 110 }, (_, address) => {
    const rank = segments.find(address);
    return rank === NOBODY ? -1 : rank;
  });
  const stretches: [number, number][] = [];
  segments.each((low, high) => stretches.push([low, high]));
  return { found, stretches };
}

test('the highest rank that covers an address owns it, whatever the others do', () => {
  let state = 11;
  const below = (limit: number) => {
    state = (state * 1103515245 + 12345) % 2 ** 31;
    return (state >>> 16) % limit;
  };
  for (let round = 0; round < 500; round++) {
    const ranges = Array.from({ length: round % 24 }, (): [number, number, number] => {
      const low = below(60);
      return [low, low + 1 + below(round % 3 === 0 ? 40 : 6), below(8)];
    });
    const { found, stretches } = owners(ranges);
    const expected = plainly(ranges);
    assert.deepEqual(found, expected, JSON.stringify(ranges));
    const covered = found.flatMap((rank, address) => (rank < 0 ? [] : [address]));
    const told = stretches.flatMap(([low, high]) => Array.from({ length: high - low }, (_, i) => low + i));
    assert.deepEqual(told, covered, JSON.stringify(ranges));
  }
});
