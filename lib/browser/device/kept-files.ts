/** Files that stay on the device: addresses name their content, so what is kept is never stale. */

export const CACHE_NAME = 'sightline-device';

/**
 * The bytes at an address, from this device or, once, from the network.
 *
 * @param expectedBytes what the file must have; a page of a proxy would have another size
 * @throws Error if the file cannot be loaded
 */
export async function fetchKept(
  url: string,
  expectedBytes: number,
  onProgress: (receivedBytes: number) => void,
): Promise<ArrayBuffer> {
  const cache = await openCache();
  const kept = await cache?.match(url);
  if (kept) {
    const bytes = await kept.arrayBuffer();
    onProgress(bytes.byteLength);
    return bytes;
  }
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} came with status ${response.status}.`);
  const bytes = await readAll(response, expectedBytes, onProgress);
  await keep(cache, url, bytes, response.headers.get('content-type'));
  return bytes;
}

/** Removes every kept file but the ones named: older models, older builds. */
export async function forgetAllBut(urls: readonly string[]): Promise<void> {
  const cache = await openCache();
  const wanted = new Set(urls.map((url) => new URL(url, location.href).href));
  for (const request of (await cache?.keys()) ?? []) {
    if (!wanted.has(request.url)) await cache?.delete(request);
  }
}

/** Keeps a small text of our own beside the files. */
export async function keepText(url: string, text: string): Promise<void> {
  const cache = await openCache();
  await cache?.put(url, new Response(text)).catch(() => undefined);
}

export async function readKeptText(url: string): Promise<string | undefined> {
  const cache = await openCache();
  return (await cache?.match(url))?.text();
}

/** Not there on pages without TLS, and refused in some private windows: then nothing is kept. */
async function openCache(): Promise<Cache | undefined> {
  if (typeof caches === 'undefined') return undefined;
  return caches.open(CACHE_NAME).catch(() => undefined);
}

async function readAll(
  response: Response,
  expectedBytes: number,
  onProgress: (receivedBytes: number) => void,
): Promise<ArrayBuffer> {
  const bytes = new Uint8Array(expectedBytes);
  const reader = response.body!.getReader();
  let received = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    if (received + value.byteLength <= expectedBytes) bytes.set(value, received);
    received += value.byteLength;
    onProgress(received);
  }
  if (received !== expectedBytes) {
    throw new Error(`expected ${expectedBytes} bytes at ${response.url}, received ${received}`);
  }
  return bytes.buffer;
}

async function keep(
  cache: Cache | undefined,
  url: string,
  bytes: ArrayBuffer,
  type: string | null,
): Promise<void> {
  const copy = new Response(bytes, {
    headers: { 'Content-Type': type ?? 'application/octet-stream' },
  });
  // A full disk is no reason not to answer.
  await cache?.put(url, copy).catch(() => undefined);
}
