/** What commands print: aligned tables for people, one JSON object for machines; control characters never reach a terminal. */

export function printJson(command: string, value: object): void {
  process.stdout.write(`${JSON.stringify({ format: `gowasm.${command}/1`, ...value })}\n`);
}

/** Names in a binary may hold anything; escape sequences must not act on the user's terminal. */
export function plain(text: string): string {
  return text.replace(/[^\P{Cc}\t\n]/gu, (char) => `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`);
}

/** The same for what stands in one line: a name with a line end must not look like a line of ours. */
export function inLine(text: string): string {
  return plain(text).replaceAll('\n', '\\n').replaceAll('\t', '\\t');
}

/** @returns lines of `label  value`, labels padded to one width */
export function facts(rows: [string, string][]): string {
  const safe = rows.map(([label, value]) => [inLine(label), inLine(value)]);
  const width = safe.reduce((most, [label]) => Math.max(most, label.length), 0);
  return safe.map(([label, value]) => `${label.padEnd(width)}  ${value}\n`).join('');
}

/** @returns `12,332,677 bytes (11.8 MB)` */
export function bytes(count: number): string {
  const exact = `${count.toLocaleString('en-US')} bytes`;
  return count < 1024 * 1024 ? exact : `${exact} (${(count / 1024 / 1024).toFixed(1)} MB)`;
}
