/** How many handles each call of a callback makes, told by those of them that are left. */

/** Of one call nobody can say "each". */
const CALLS = 2;
/** So many of the calls must have made the same number: the others may have been cut short, or have done something else. */
const SHARE = 0.9;

interface Made {
  handlers: Int32Array;
  turns: Int32Array;
}

/**
 * @param indices of the handles in the columns
 * @param codeOf PC_F of the function of a js.Func; null for not known
 * @returns the function within which most of them were made, and how many it makes in each call; null where that is no one number
 */
export function eachCall(
  indices: number[],
  { handlers, turns }: Made,
  codeOf: (func: number) => number | null,
): { count: number; code: number } | null {
  const codes = new Map<number, number | null>();
  const calls = new Map<number, Map<number, number>>();
  const totals = new Map<number, number>();
  for (const index of indices) {
    const handler = handlers[index];
    if (handler === 0 || turns[index] === 0) continue;
    let code = codes.get(handler);
    if (code === undefined) {
      code = codeOf(handler);
      codes.set(handler, code);
    }
    if (code === null) continue;
    const ofCode = calls.get(code) ?? new Map<number, number>();
    calls.set(code, ofCode);
    add(ofCode, turns[index]);
    add(totals, code);
  }
  const code = mostOf(totals);
  if (code === null) return null;
  const made = new Map<number, number>();
  const ofCode = calls.get(code)!;
  for (const count of ofCode.values()) add(made, count);
  const count = mostOf(made)!;
  return ofCode.size >= CALLS && made.get(count)! >= ofCode.size * SHARE ? { count, code } : null;
}

function add(counts: Map<number, number>, key: number): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function mostOf(counts: Map<number, number>): number | null {
  let most: number | null = null;
  for (const [key, count] of counts) if (most === null || count > counts.get(most)!) most = key;
  return most;
}
