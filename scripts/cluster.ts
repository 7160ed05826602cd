/**
 * npm run cluster [-- --replicas N --port P --keep]: runs replicas behind nginx with one Redis, on
 * this machine.
 */
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { settingsSchema } from '../lib/server/settings';
import { buildIfStale } from './build';
import { dataFolder, startCluster } from './cluster/cluster';
import { ensureNginx } from './cluster/nginx';
import { supervise } from './cluster/supervise';
import { ensureRedis } from './redis';

const { values } = parseArgs({
  options: {
    replicas: { type: 'string', default: '3' },
    port: { type: 'string', default: '8080' },
    keep: { type: 'boolean', default: false },
  },
});
const replicas = Number(values.replicas);
if (!Number.isInteger(replicas) || replicas < 1) {
  throw new Error(`expected --replicas to be a whole number over 0, received ${values.replicas}`);
}

/** Settings that differ per replica, or that the cluster sets itself. */
const OWN = ['PORT', 'DATA_DIR', 'REDIS_URL', 'UPSTASH_REDIS_REST_URL', 'UPSTASH_REDIS_REST_TOKEN'];

/**
 * Settings of the shell apply to every replica, as for `npm start`, except those that must differ.
 */
function settingsOfShell(): Record<string, string> {
  const shared = Object.keys(settingsSchema.shape).filter((name) => !OWN.includes(name));
  const set = shared.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(set);
}

await buildIfStale();
await ensureRedis();
await ensureNginx();
const asked = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
// Ignore further signals: tsx passes on those that the terminal has sent to us already.
process.on('SIGINT', () => undefined).on('SIGTERM', () => undefined);

// The data folder is removed; the logs stay.
const folder = path.resolve('.data', `cluster-${values.port}`);
if (!values.keep) await rm(dataFolder(folder), { recursive: true, force: true });

const cluster = await startCluster({
  replicas,
  folder,
  port: Number(values.port),
  settings: settingsOfShell(),
});
console.info(`\n  ${cluster.url}   ${replicas} replicas behind nginx; Ctrl-C stops all of it`);
console.info(`  Redis    ${cluster.redisUrl}`);
for (const { url, pid } of cluster.replicas) console.info(`  replica  ${url}  (process ${pid})`);
console.info(`  logs     ${cluster.folder}\n`);
const endWatch = supervise(cluster.replicas, (line) => console.info(`  ${line}`));
await asked;
endWatch();
console.info('stopping');
await cluster.stop();
if (!values.keep) await rm(dataFolder(folder), { recursive: true, force: true });
console.info(`${values.keep ? 'data and logs' : 'logs'} are in ${folder}`);
process.exit(0);
