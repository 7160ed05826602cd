/** The system under load: one server, or replicas behind nginx with one Redis. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createKey } from '../../lib/server/quota/keys/api-keys';
import { openStore } from '../../lib/server/store/open';
import type { StoreSettings } from '../../lib/server/settings';
import { startCluster } from '../../scripts/cluster/cluster';
import { startServer } from '../../harness/server';

export interface Target {
  readonly url: string;
  /** Process ids of the replicas. */
  readonly pids: readonly number[];
  readonly makeKeys: (count: number) => Promise<string[]>;
  readonly stop: () => Promise<void>;
}

export async function startSingle(settings: Record<string, string>): Promise<Target> {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'sightline-load-'));
  const logFile = path.join(dataDir, 'server.log');
  const server = await startServer({ ...settings, DATA_DIR: dataDir }, { logFile });
  return {
    url: server.url,
    pids: [server.pid],
    makeKeys: (count) => makeKeys({ kind: 'embedded' }, dataDir, count),
    stop: async () => {
      await server.stop();
      await rm(dataDir, { recursive: true });
    },
  };
}

export async function startReplicas(
  replicas: number,
  settings: Record<string, string>,
): Promise<Target> {
  const cluster = await startCluster({ replicas, settings });
  return {
    url: cluster.url,
    pids: cluster.replicas.map(({ pid }) => pid),
    makeKeys: (count) => makeKeys({ kind: 'redis', url: cluster.redisUrl }, '', count),
    stop: cluster.stop,
  };
}

/** Creates keys as `npm run keys` does. This works while the server runs. */
async function makeKeys(store: StoreSettings, dataDir: string, count: number): Promise<string[]> {
  const opened = await openStore({ store, dataDir });
  try {
    const keys: string[] = [];
    for (let i = 1; i <= count; i++) {
      const { key } = await createKey(opened, { name: `load test ${i}` }, Date.now());
      keys.push(key);
    }
    return keys;
  } finally {
    await opened.close();
  }
}
