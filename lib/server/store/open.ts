import type { Settings } from '../settings';
import type { Store } from './port';
import { RedisStore } from './redis';
import { ReopeningStore } from './reopening';

const CONNECT_TIMEOUT_MS = 1_000;

/** Opens the store that the settings name. The server starts even if the store is unavailable. */
export async function openStore({
  store,
  dataDir,
}: Pick<Settings, 'store' | 'dataDir'>): Promise<Store> {
  if (store.kind === 'embedded') return new ReopeningStore(dataDir);
  if (store.kind === 'upstash') return RedisStore.overRest(store.url, store.token);
  const redis = RedisStore.overTcp(store.url, { isCluster: store.isCluster ?? false });
  await redis.connected(CONNECT_TIMEOUT_MS);
  return redis;
}
