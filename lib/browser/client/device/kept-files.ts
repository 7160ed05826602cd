/**
 * Keeps files on the device. A URL contains a hash of the content, so a kept file is never stale.
 */

export const CACHE_NAME = 'sightline-device';

const LONGEST_PIECE_MS = 12;

/**
 * Returns the bytes at a URL: from this device, or else from the network, and then keeps them.
 *
 * @param expectedBytes the file's size; it unmasks a page that a proxy sent instead
 * @throws Error if the file cannot be loaded, or `signal` aborts
 */
export async function fetchKept(
  url: string,
  expectedBytes: number,
  onProgress: (receivedBytes: number) => void,
  signal?: AbortSignal,
): Promise<ArrayBuffer> {
  const cache = await openCache();
  const found = await cache?.match(url).catch(() => undefined);
  if (found) {
    const bytes = await found.arrayBuffer();
    onProgress(bytes.byteLength);
    // A visit that ended early may have stored an incomplete file.
    if (bytes.byteLength === expectedBytes) return bytes;
  }
  const response = await fetch(url, signal ? { signal } : {});
  if (!response.ok) throw new Error(`${url} came with status ${response.status}.`);
  // Clone the stream: a Response built from the bytes would copy all of them at once.
  const kept = cache && keep(cache, url, response.clone());
  try {
    return await readAll(response, expectedBytes, onProgress);
  } catch (error) {
    await kept;
    await cache?.delete(url).catch(() => false);
    throw error;
  } finally {
    await kept;
  }
}

/** Whether a file is already kept on this device. */
export async function isKept(url: string): Promise<boolean> {
  return (await (await openCache())?.match(url)) !== undefined;
}

/** Removes all kept files except the given ones, that is, older models and builds. */
export async function forgetAllBut(urls: readonly string[]): Promise<void> {
  const cache = await openCache();
  const wanted = new Set(urls.map((url) => new URL(url, location.href).href));
  // If a browser refuses to list or delete files, they stay.
  const kept = (await cache?.keys().catch(() => [])) ?? [];
  for (const request of kept) {
    if (!wanted.has(request.url)) await cache?.delete(request).catch(() => false);
  }
}

/** Keeps a small text of our own in the same cache. */
export async function keepText(url: string, text: string): Promise<void> {
  const cache = await openCache();
  await cache?.put(url, new Response(text)).catch(() => undefined);
}

export async function readKeptText(url: string): Promise<string | undefined> {
  const cache = await openCache();
  const found = await cache?.match(url).catch(() => undefined);
  return found?.text();
}

/** Opens the cache. Undefined without TLS and in some private windows; then nothing is kept. */
async function openCache(): Promise<Cache | undefined> {
  try {
    return typeof caches === 'undefined' ? undefined : await caches.open(CACHE_NAME);
  } catch {
    return undefined;
  }
}

/** Reads the body in pieces, so that the page can react and show progress between them. */
async function readAll(
  response: Response,
  expectedBytes: number,
  onProgress: (receivedBytes: number) => void,
): Promise<ArrayBuffer> {
  const bytes = new Uint8Array(expectedBytes);
  const reader = response.body!.getReader();
  let received = 0;
  let pieceFromMs = performance.now();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    if (received + value.byteLength <= expectedBytes) bytes.set(value, received);
    received += value.byteLength;
    if (performance.now() - pieceFromMs < LONGEST_PIECE_MS) continue;
    onProgress(received);
    await new Promise((resolve) => setTimeout(resolve));
    pieceFromMs = performance.now();
  }
  onProgress(received);
  if (received !== expectedBytes) {
    throw new Error(`expected ${expectedBytes} bytes at ${response.url}, received ${received}`);
  }
  return bytes.buffer;
}

async function keep(cache: Cache, url: string, response: Response): Promise<void> {
  // A full disk must not prevent the answer. Network errors are reported by the other branch of the
  // stream.
  await cache.put(url, response).catch(() => undefined);
}
