/** The one error that readers throw: input that is not what its format demands. Knows no format itself. */
export class Malformed extends Error {
  /**
   * @param expected what should have been there, in words: `a section id`, `8 bytes`
   * @param offset absolute offset in the whole input where it should have been
   */
  constructor(
    readonly expected: string,
    readonly offset: number,
  ) {
    super(`expected ${expected} at offset 0x${offset.toString(16)}`);
    this.name = 'Malformed';
  }
}

/** A part that was read, or the reason why it could not be. */
export type Outcome<T> = { ok: true; value: T } | { ok: false; why: string };

/**
 * Computes once, on first need; remembers a Malformed too, so that a broken part is not tried again and again.
 * Any other error is a bug and passes through.
 */
export function lazily<T>(read: () => T): () => Outcome<T> {
  let outcome: Outcome<T> | undefined;
  return () => {
    outcome ??= outcomeOf(read);
    return outcome;
  };
}

function outcomeOf<T>(read: () => T): Outcome<T> {
  try {
    return { ok: true, value: read() };
  } catch (error) {
    if (error instanceof Malformed) return { ok: false, why: error.message };
    throw error;
  }
}

/** @returns the value of an outcome; throws what it failed with as a Malformed at offset 0 of the same words. */
export function must<T>(outcome: Outcome<T>): T {
  if (outcome.ok) return outcome.value;
  const error = new Malformed('', 0);
  error.message = outcome.why;
  throw error;
}

/** @returns what was read; null when it ended in a Malformed */
export function attempt<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof Malformed) return null;
    throw error;
  }
}
