/**
 * The same as `open` for the very first binary: nothing of our code has run in the process, and the engine validates for
 * the first time in its. Reading the file is not counted. Both in processes of their own, started in turn.
 */
import type { Figure } from './figure';
import { fresh } from './process';
import { compare, inTurn, tell } from './statistics';

const PLAN = { warmUp: 1, pairs: 15 };

export const firstOpen: Figure = {
  name: 'first-open',
  what: 'the same, first in a process, against the first validate in a process',
  allowed: 4,
  bound: 'most',
  unit: '×',
  async measure() {
    const turns = await inTurn(
      PLAN,
      () => fresh<number>('open'),
      () => fresh<number>('validate'),
    );
    return { value: compare(turns).ratio, details: tell(turns, 'open', 'validate') };
  },
};
