/** Starts a real redis-server, and an Upstash REST bridge in front of it, for tests. */
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { end, freePort } from './server';

const START_TIMEOUT_MS = 15_000;

export interface TestRedis {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  readonly stop: () => Promise<void>;
}

export interface TestBridge {
  readonly url: string;
  readonly token: string;
  readonly stop: () => Promise<void>;
}

export interface RedisOptions {
  readonly detached?: boolean;
  readonly settings?: readonly string[];
  /** Folder for the data, which stays after the stop; default: a temporary folder. */
  readonly folder?: string;
}

export async function startRedis(
  port?: number,
  { detached = false, settings = [], folder: kept }: RedisOptions = {},
): Promise<TestRedis> {
  const chosenPort = port ?? (await freePort());
  const folder = kept ?? (await mkdtemp(path.join(tmpdir(), 'sightline-redis-')));
  await mkdir(folder, { recursive: true });
  const args = ['--port', String(chosenPort), '--bind', '127.0.0.1', '--save', '', '--dir', folder];
  if (kept !== undefined) args.push('--appendonly', 'yes');
  args.push(...settings);
  const child = spawn('redis-server', args, { stdio: 'ignore', detached });
  await waitForPort(chosenPort);
  return {
    url: `redis://127.0.0.1:${chosenPort}`,
    port: chosenPort,
    pid: child.pid!,
    stop: async () => {
      await end(child, kept === undefined ? 'SIGKILL' : 'SIGTERM');
      if (kept === undefined) await rm(folder, { recursive: true, force: true });
    },
  };
}

export async function startBridge(redisUrl: string): Promise<TestBridge> {
  const port = await freePort();
  const token = 'bridge-token-of-the-tests';
  const child = spawn(path.resolve('node_modules/.bin/upstash-redis-server'), [], {
    env: { ...process.env, PORT: String(port), REDIS_URL: redisUrl, URS_TOKEN: token },
    stdio: 'ignore',
  });
  await waitForPort(port);
  return { url: `http://127.0.0.1:${port}`, token, stop: () => end(child, 'SIGKILL') };
}

export async function waitForPort(port: number): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (Date.now() < deadline) {
    if (await isOpen(port)) return;
    await sleep(20);
  }
  throw new Error(`Nothing listens on port ${port} after ${START_TIMEOUT_MS} ms.`);
}

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
