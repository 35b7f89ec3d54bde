/** Text to the clipboard and to a file. */

/** @returns whether it was copied. DevTools' frames may not use the clipboard API; the older way works within a click. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = document.createElement('textarea');
    area.value = text;
    area.className = 'offscreen';
    const before = document.activeElement;
    document.body.append(area);
    area.select();
    const done = document.execCommand('copy');
    area.remove();
    if (before instanceof HTMLElement) before.focus();
    return done;
  }
}

/** Hands a text file to the browser's downloads. */
export function saveText(text: string, name: string, type: string): void {
  saveBlob(new Blob([text], { type }), name);
}

/** As `saveText`, of what has its type already. */
export function saveBlob(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The download has its own reference once it has begun.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** `paint-2026-11-20T12-47-30.md` */
export function fileName(module: string, extension: string, at = new Date()): string {
  const stem = module.replace(/\.wasm$/, '').replace(/[^\w.-]+/g, '-') || 'go-wasm';
  return `${stem}-${at.toISOString().slice(0, 19).replaceAll(':', '-')}.${extension}`;
}
