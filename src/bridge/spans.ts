/** Stretches of time that lie beside each other, so that the one at a moment is found by search. */

export interface Spans {
  /** Milliseconds, ascending; none begins before the one before it has ended. */
  begins: Float64Array;
  ends: Float64Array;
}

/** Makes stretches lie beside each other, whatever a page's clocks say: one that would begin too early begins late. In place. */
export function straight({ begins, ends }: Spans): void {
  let last = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < begins.length; i++) {
    begins[i] = Math.max(begins[i], last);
    ends[i] = last = Math.max(begins[i], ends[i]);
  }
}
