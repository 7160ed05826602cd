/** Runs replicas behind nginx with one Redis on this machine's loopback, without containers. */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { availableProcessors, workersFor } from '../../lib/server/inference/processors';
import { startRedis } from '../../harness/redis';
import { freePort, startServer, type TestServer } from '../../harness/server';
import { KEEP_ALIVE_TIMEOUT_MS } from '../keep-alive';
import { startFront } from './nginx';

export interface ClusterOptions {
  readonly replicas: number;
  /** nginx's port; default: a free port. */
  readonly port?: number;
  /** Folder for data and logs, which stays after the cluster stops; default: a temporary folder. */
  readonly folder?: string;
  /**
   * Environment variables for every replica, in addition to those that make it part of the cluster.
   */
  readonly settings?: Record<string, string>;
}

/** One replica. It keeps its address when it is restarted. */
export interface Replica {
  readonly url: string;
  readonly pid: number;
  readonly logFile: string;
  /** Stops the process gracefully. */
  readonly stop: () => Promise<void>;
  /** Kills the process, like a crash. */
  readonly kill: () => Promise<void>;
  /** Waits until the process has ended. Resolves to its exit code, or the signal that ended it. */
  readonly exit: () => Promise<string>;
  /** Starts the process again and waits until it is ready. */
  readonly start: () => Promise<void>;
}

export interface Cluster {
  /** Address of nginx. */
  readonly url: string;
  readonly redisUrl: string;
  readonly replicas: readonly Replica[];
  /**
   * Folder for the files of nginx and the replicas. Removed after the stop unless the caller chose
   * it.
   */
  readonly folder: string;
  readonly stop: () => Promise<void>;
}

/**
 * Starts Redis, then the replicas in parallel, then nginx. If one start fails, stops what has
 * started.
 */
export async function startCluster({
  replicas: count,
  port,
  folder: kept,
  settings = {},
}: ClusterOptions): Promise<Cluster> {
  const folder = kept ?? (await mkdtemp(path.join(tmpdir(), 'sightline-cluster-')));
  await mkdir(folder, { recursive: true });
  // Stopped one after the other, so that each process stops before the ones that it needs.
  const stops: (() => Promise<unknown>)[] =
    kept === undefined ? [() => rm(folder, { recursive: true, force: true })] : [];
  const stop = async () => {
    for (const one of stops.splice(0).reverse()) await one();
  };
  try {
    const redis = await startRedis(undefined, {
      detached: true,
      ...(kept === undefined ? {} : { folder: path.join(dataFolder(kept), 'redis') }),
    });
    stops.push(redis.stop);
    const shared = { REDIS_URL: redis.url, PREDICT_PER_MINUTE: '100' };
    const starting = Array.from({ length: count }, (_, i) => {
      const own = { INFERENCE_WORKERS: shareOfWorkers(i, count) };
      return startReplica(folder, i + 1, { ...shared, ...own, ...settings });
    });
    stops.push(() => stopAll(starting));
    const replicas = await Promise.all(starting);
    const addresses = replicas.map(({ url }) => new URL(url).host);
    const front = await startFront(addresses, { folder, ...(port ? { port } : {}) });
    stops.push(front.stop);
    return { url: front.url, redisUrl: redis.url, replicas, folder, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The folder of the data that a restarted cluster finds again; the logs lie next to it. */
export function dataFolder(folder: string): string {
  return path.join(folder, 'data');
}

/**
 * Workers of a replica. All replicas together have as many as a single server would, at least one
 * each.
 */
function shareOfWorkers(replica: number, replicas: number): string {
  const share = Math.floor((workersFor(availableProcessors()) + replica) / replicas);
  return String(Math.max(1, share));
}

async function stopAll(starting: readonly Promise<Replica>[]): Promise<void> {
  const outcomes = await Promise.allSettled(starting);
  const started = outcomes.filter((outcome) => outcome.status === 'fulfilled');
  await Promise.all(started.map(({ value }) => value.stop()));
}

async function startReplica(
  folder: string,
  number: number,
  shared: Record<string, string>,
): Promise<Replica> {
  const port = await freePort();
  const logFile = path.join(folder, `replica-${number}.log`);
  const settings = {
    DATA_DIR: path.join(dataFolder(folder), `replica-${number}`),
    TRUSTED_PROXIES: '1',
    KEEP_ALIVE_TIMEOUT: String(KEEP_ALIVE_TIMEOUT_MS),
    ...shared,
  };
  const start = () => startServer(settings, { port, logFile, detached: true });
  let server: TestServer = await start();
  let underWay: Promise<void> = Promise.resolve();
  return {
    url: server.url,
    get pid() {
      return server.pid;
    },
    logFile,
    exit: async () => String((await server.exit()) ?? server.signal()),
    stop: async () => {
      // Otherwise a replica that is just being restarted would stay alive.
      await underWay.catch(() => undefined);
      await server.stop();
    },
    kill: () => server.kill(),
    start: () => {
      underWay = start().then((started) => void (server = started));
      return underWay;
    },
  };
}
