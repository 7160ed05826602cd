/** Starts a real Redis Cluster of three primaries for tests. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { freePort } from './server';
import { startRedis, type TestRedis } from './redis';

export interface TestRedisCluster {
  readonly url: string;
  readonly nodes: readonly TestRedis[];
  readonly stop: () => Promise<void>;
}

/** Highest client port: the node's cluster bus uses the port 10,000 above, which must be valid. */
const HIGHEST_PORT = 55_000;

export async function startRedisCluster(): Promise<TestRedisCluster> {
  const nodes: TestRedis[] = [];
  for (let i = 0; i < 3; i++) {
    const settings = ['--cluster-enabled', 'yes', '--cluster-node-timeout', '2000'];
    nodes.push(await startRedis(await portWithBus(), { settings }));
  }
  const addresses = nodes.map(({ port }) => `127.0.0.1:${port}`);
  await promisify(execFile)('redis-cli', ['--cluster', 'create', ...addresses, '--cluster-yes']);
  return {
    url: nodes[0]!.url,
    nodes,
    stop: async () => {
      await Promise.all(nodes.map((node) => node.stop()));
    },
  };
}

async function portWithBus(): Promise<number> {
  for (;;) {
    const port = await freePort();
    if (port <= HIGHEST_PORT) return port;
  }
}
