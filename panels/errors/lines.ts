/** Which lines of a file an excerpt shows. Pure. */

const BEFORE = 5;
const AFTER = 6;
/** Candidates further apart than this many are not all shown; the stack row names every one of them. */
const MOST_MARKED = 6;

/**
 * @param marked line numbers in question, from 1; @param total lines of the file
 * @returns ascending line numbers; a jump of more than one is a gap
 */
export function excerptLines(marked: readonly number[], total: number): number[] {
  const shown = new Set<number>();
  for (const line of marked.slice(0, MOST_MARKED)) {
    for (let i = Math.max(1, line - BEFORE); i <= Math.min(total, line + AFTER); i++) shown.add(i);
  }
  return [...shown].sort((a, b) => a - b);
}
