/** Files kept on the device. An address names its content, so a kept file is never stale. */

export const CACHE_NAME = 'sightline-device';

const LONGEST_PIECE_MS = 12;

/**
 * The bytes at an address, from this device or, once, from the network.
 *
 * @param expectedBytes what the file must have; a page of a proxy would have another size
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
    // A visit that ended too early may have left a file of another length.
    if (bytes.byteLength === expectedBytes) return bytes;
  }
  const response = await fetch(url, signal ? { signal } : {});
  if (!response.ok) throw new Error(`${url} came with status ${response.status}.`);
  // The stream is split in two: a Response made of the bytes would copy them all at once.
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

/** Whether a file is on this device already. */
export async function isKept(url: string): Promise<boolean> {
  return (await (await openCache())?.match(url)) !== undefined;
}

/** Removes every kept file but the ones named: older models, older builds. */
export async function forgetAllBut(urls: readonly string[]): Promise<void> {
  const cache = await openCache();
  const wanted = new Set(urls.map((url) => new URL(url, location.href).href));
  // What a browser refuses to list or delete stays.
  const kept = (await cache?.keys().catch(() => [])) ?? [];
  for (const request of kept) {
    if (!wanted.has(request.url)) await cache?.delete(request).catch(() => false);
  }
}

/** Keeps a small text of our own beside the files. */
export async function keepText(url: string, text: string): Promise<void> {
  const cache = await openCache();
  await cache?.put(url, new Response(text)).catch(() => undefined);
}

export async function readKeptText(url: string): Promise<string | undefined> {
  const cache = await openCache();
  const found = await cache?.match(url).catch(() => undefined);
  return found?.text();
}

/** Undefined without TLS and in some private windows; then nothing is kept. */
async function openCache(): Promise<Cache | undefined> {
  try {
    return typeof caches === 'undefined' ? undefined : await caches.open(CACHE_NAME);
  } catch {
    return undefined;
  }
}

/** Reads in pieces, so that the page can react and show the progress in between. */
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
  // A full disk must not prevent an answer; the other branch reports network failures.
  await cache.put(url, response).catch(() => undefined);
}
