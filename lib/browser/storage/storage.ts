/** What this site keeps in the browser: how much, and how it is thrown away. */
import { CACHE_NAME } from '../client/device/kept-files';
import { clearHistory, historyReader } from '../history';
import { takeHandedOver } from '../many/hand-over';
import { clearReports, countReports } from '../reports';

export interface StorageUse {
  /** The model and the WebAssembly that runs it. */
  readonly deviceBytes: number;
  /** Pages, scripts and styles for when there is no network. */
  readonly shellBytes: number;
  /** Answers of which the server has not been told yet. */
  readonly waitingReports: number;
  /** Answers in the history. */
  readonly rememberedAnswers: number;
  /** What the browser says of all of it; undefined where it says nothing. */
  readonly totalBytes: number | undefined;
}

export async function measureStorage(): Promise<StorageUse> {
  const names = await cacheNames();
  const [deviceBytes, shellBytes, waitingReports, rememberedAnswers, totalBytes] =
    await Promise.all([
      sum(names.filter((name) => name === CACHE_NAME).map(cacheBytes)),
      sum(names.filter((name) => name !== CACHE_NAME).map(cacheBytes)),
      countReports().catch(() => 0),
      historyReader.count().catch(() => 0),
      estimateUsage(),
    ]);
  return { deviceBytes, shellBytes, waitingReports, rememberedAnswers, totalBytes };
}

/** Throws away the model, its WebAssembly, the history and what waits; the shell belongs to the service worker. */
export async function clearStorage(): Promise<void> {
  const names = await cacheNames();
  if (names.includes(CACHE_NAME)) await caches.delete(CACHE_NAME).catch(() => false);
  await clearReports().catch(() => undefined);
  await clearHistory().catch(() => undefined);
  await takeHandedOver();
}

/** None on pages without TLS, and where a private window refuses to say. */
async function cacheNames(): Promise<string[]> {
  try {
    return typeof caches === 'undefined' ? [] : await caches.keys();
  } catch {
    return [];
  }
}

/** 0 where the cache is refused. */
async function cacheBytes(name: string): Promise<number> {
  try {
    const cache = await caches.open(name);
    const responses = await cache.matchAll();
    return await sum(responses.map(async (response) => (await response.blob()).size));
  } catch {
    return 0;
  }
}

/** Not every browser has `storage`, nor every `storage` its `estimate`. */
async function estimateUsage(): Promise<number | undefined> {
  try {
    return (await navigator.storage.estimate()).usage;
  } catch {
    return undefined;
  }
}

async function sum(numbers: readonly Promise<number>[]): Promise<number> {
  return (await Promise.all(numbers)).reduce((total, number) => total + number, 0);
}
