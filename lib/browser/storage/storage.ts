/** Measures and deletes the data that this site keeps in the browser. */
import { CACHE_NAME } from '../client/device/kept-files';
import { clearHistory, historyReader } from '../history';
import { takeHandedOver } from '../many/hand-over';
import { clearReports, countReports } from '../reports';

export interface StorageUse {
  /** The model and the WebAssembly that runs it. */
  readonly deviceBytes: number;
  /** Cached pages, scripts and styles for use without a network. */
  readonly shellBytes: number;
  /** Reports that are not sent yet. */
  readonly waitingReports: number;
  /** Answers in the history. */
  readonly rememberedAnswers: number;
  /** The browser's estimate for everything; undefined if it gives none. */
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

/**
 * Deletes the model, its WebAssembly, the history, and waiting reports and marks. The cached pages
 * belong to the service worker and stay.
 */
export async function clearStorage(): Promise<void> {
  const names = await cacheNames();
  if (names.includes(CACHE_NAME)) await caches.delete(CACHE_NAME).catch(() => false);
  await clearReports().catch(() => undefined);
  await clearHistory().catch(() => undefined);
  await takeHandedOver();
}

/** Empty on pages without TLS, and if a private window refuses access. */
async function cacheNames(): Promise<string[]> {
  try {
    return typeof caches === 'undefined' ? [] : await caches.keys();
  } catch {
    return [];
  }
}

/** 0 if access to the cache is refused. */
async function cacheBytes(name: string): Promise<number> {
  try {
    const cache = await caches.open(name);
    const responses = await cache.matchAll();
    return await sum(responses.map(async (response) => (await response.blob()).size));
  } catch {
    return 0;
  }
}

/** Some browsers lack `navigator.storage`, and some lack its `estimate`. */
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
