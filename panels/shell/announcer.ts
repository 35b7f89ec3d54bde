/**
 * What a screen reader is told beyond what it finds: one polite line, one urgent one, at most one message a second each.
 */
import { type Signal, signal } from '@preact/signals';

const PAUSE = 1000;

export class Announcer {
  readonly polite = signal('');
  readonly urgent = signal('');
  private readonly waiting = new Map<Signal<string>, string>();

  /** `Copied`, `12 of 1,204 shown`. */
  tell(text: string): void {
    this.put(this.polite, text);
  }

  /** A new error. Of several within a second the last one is read. */
  alert(text: string): void {
    this.put(this.urgent, text);
  }

  private put(line: Signal<string>, text: string): void {
    if (this.waiting.has(line)) {
      this.waiting.set(line, text);
      return;
    }
    line.value = text;
    this.waiting.set(line, '');
    setTimeout(() => {
      const next = this.waiting.get(line);
      this.waiting.delete(line);
      // An empty line first, so that the same words are read again when they come again.
      line.value = '';
      if (next) this.put(line, next);
    }, PAUSE);
  }
}
