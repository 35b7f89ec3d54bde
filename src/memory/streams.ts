/**
 * Raw DEFLATE (RFC 1951) by the streams that browsers and Node have (Compression Standard, compression.spec.whatwg.org: `deflate-raw`).
 */

/** Bytes handed in at a time: what DEFLATE makes of them, 1032 times as much at most, is there before it can be refused. */
const STEP = 4096;

export async function deflate(bytes: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([bytes as Uint8Array<ArrayBuffer>])
    .stream()
    .pipeThrough(new CompressionStream('deflate-raw'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/**
 * @returns null for what is no DEFLATE or inflates to another size, of which no more is taken; in browsers also for what goes on behind
 *   its end
 */
export async function inflate(deflated: Uint8Array, size: number): Promise<Uint8Array<ArrayBuffer> | null> {
  const out = new Uint8Array(size);
  const reader = inSteps(deflated).pipeThrough(new DecompressionStream('deflate-raw')).getReader();
  for (let at = 0; ; ) {
    // What comes to nothing is no DEFLATE: the bytes are at hand, and nothing else can fail.
    const read = await reader.read().catch(() => null);
    if (!read) return null;
    if (read.done) return at === size ? out : null;
    if (at + read.value.length > size) {
      await reader.cancel();
      return null;
    }
    out.set(read.value, at);
    at += read.value.length;
  }
}

function inSteps(bytes: Uint8Array): ReadableStream<Uint8Array<ArrayBuffer>> {
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at < bytes.length) controller.enqueue(bytes.slice(at, at + STEP));
      else controller.close();
      at += STEP;
    },
  });
}
