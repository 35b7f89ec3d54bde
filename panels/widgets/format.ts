/** Numbers, sizes and times as the whole panel writes them. */

/** Made once: `toLocaleString` makes one for each number, which tables of many rows would notice. */
const NUMBERS = new Intl.NumberFormat('en');

/** `1,204` */
export function count(value: number): string {
  return NUMBERS.format(value);
}

/** `18.4 MB`; 1 KB = 1024 B. */
export function bytes(value: number): string {
  if (value < 1024) return `${value} B`;
  const kb = value / 1024;
  if (kb < 1024) return `${kb < 10 ? kb.toFixed(1) : Math.round(kb)} KB`;
  const mb = kb / 1024;
  return `${mb < 10 ? mb.toFixed(2) : mb.toFixed(1)} MB`;
}

/** `12:04:18`, local time. @param at ms since the epoch */
export function clock(at: number): string {
  const time = new Date(at);
  return [time.getHours(), time.getMinutes(), time.getSeconds()].map((part) => String(part).padStart(2, '0')).join(':');
}

/** `1 frame`, `4 frames` */
export function plural(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** `340 ms`, `1.2 s`. */
export function duration(milliseconds: number): string {
  return milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
}
