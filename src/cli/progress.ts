/** How far a long command is, on standard error: nothing in the first half second, then now and again. */
const FIRST_MS = 500;
const TERMINAL_MS = 200;
const FILE_MS = 5000;

export class Progress {
  private next = Date.now() + FIRST_MS;
  private shown = 0;
  private timer: NodeJS.Timeout | undefined;
  private readonly terminal = process.stderr.isTTY === true;

  /** Says what `text` returns, until the end or the next watch. */
  watch(text: () => string): void {
    clearInterval(this.timer);
    this.timer = setInterval(() => this.say(text()), TERMINAL_MS);
    this.timer.unref();
  }

  private say(text: string): void {
    const now = Date.now();
    if (now < this.next) return;
    this.next = now + (this.terminal ? TERMINAL_MS : FILE_MS);
    process.stderr.write(this.terminal ? `\r${text.padEnd(this.shown)}` : `gowasm: ${text}\n`);
    this.shown = text.length;
  }

  /** Takes the line away. */
  end(): void {
    clearInterval(this.timer);
    if (this.terminal && this.shown > 0) process.stderr.write(`\r${' '.repeat(this.shown)}\r`);
    this.shown = 0;
  }
}
