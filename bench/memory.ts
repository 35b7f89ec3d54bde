/**
 * What an open binary costs in memory beside its own bytes: JavaScript heap and array buffers after a garbage collection,
 * with the Program alive and one frame named. The peak of the resident size is told too; it has the garbage in it.
 */
import type { Figure } from './figure';
import type { Growth } from './fresh';
import { fresh } from './process';
import { median } from './statistics';

const ROUNDS = 5;
const MB = 2 ** 20;

export const memory: Figure = {
  name: 'memory',
  what: 'memory added by opening it, against the file’s size',
  allowed: 2.5,
  bound: 'most',
  unit: '×',
  async measure() {
    const all: Growth[] = [];
    for (let i = 0; i < ROUNDS; i++) all.push(await fresh<Growth>('memory', ['--expose-gc']));
    const { file } = all[0];
    const kept = all.map((one) => one.kept);
    const peak = median(all.map((one) => one.peak));
    return {
      // The worst: there is no noise of other programs in it.
      value: Math.max(...kept) / file,
      details:
        `${mb(Math.min(...kept))}–${mb(Math.max(...kept))} beside the file’s ${mb(file)} (${ROUNDS} processes); ` +
        `resident size grew by ${mb(peak)} at its peak, ${(peak / file).toFixed(2)}×`,
    };
  },
};

const mb = (bytes: number) => `${(bytes / MB).toFixed(1)} MB`;
