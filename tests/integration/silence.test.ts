/**
 * Nothing leaves the machine, however the server is started: no name is looked up, no address
 * outside loopback is asked, and no file appears in the folders where libraries keep their queues.
 * A new dependency that phones home fails here.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { postPicture, smallPicture } from '../../harness/client';
import { startRedis } from '../../harness/redis';
import { freePort } from '../../harness/server';

const TRAP = path.resolve('tests/support/network-trap.cjs');
const READY_TIMEOUT_MS = 150_000;
/** Longer than telemetry waits before its first attempt. */
const LINGER_MS = 3_000;

let home: string;
let trapFile: string;
let child: ChildProcess | undefined;

beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'sightline-home-'));
  trapFile = path.join(home, 'network.txt');
});

afterEach(async () => {
  if (child && child.exitCode === null && child.signalCode === null) {
    const exited = once(child, 'exit');
    // Its whole group: some commands start others.
    process.kill(-child.pid!, 'SIGTERM');
    await exited;
  }
  child = undefined;
  await rm(home, { recursive: true, force: true, maxRetries: 5 });
});

function start(command: string[], settings: Record<string, string>): ChildProcess {
  const [program = '', ...args] = command;
  return spawn(program, args, {
    detached: true,
    stdio: 'ignore',
    env: {
      PATH: process.env.PATH,
      HOME: path.join(home, 'user'),
      XDG_CACHE_HOME: path.join(home, 'user', 'cache'),
      XDG_CONFIG_HOME: path.join(home, 'user', 'config'),
      NODE_OPTIONS: `--require=${TRAP}`,
      NETWORK_TRAP: trapFile,
      DATA_DIR: path.join(home, 'data'),
      MODELS_DIR: path.resolve('models'),
      PREDICT_PER_MINUTE: '0',
      NODE_ENV: 'production',
      ...settings,
    },
  });
}

async function isReady(url: string): Promise<boolean> {
  const response = await fetch(`${url}/api/health`).catch(() => undefined);
  return response?.ok ?? false;
}

async function trapped(): Promise<string> {
  return existsSync(trapFile) ? readFile(trapFile, 'utf8') : '';
}

const TSX = path.resolve('node_modules/.bin/tsx');
const STANDALONE = path.resolve('.next/standalone/server.js');
const FUNCTIONS = path.resolve('.next/standalone/functions-server.js');
const WAYS: Record<string, [string[], Record<string, string>]> = {
  'the image’s command': [[process.execPath, STANDALONE], {}],
  'npm start': [[TSX, 'scripts/start.ts'], {}],
  'worker threads': [[process.execPath, STANDALONE], { INFERENCE_ISOLATION: 'thread' }],
  'function platforms': [[process.execPath, FUNCTIONS], { TRUSTED_PROXIES: '1' }],
  'npm run dev': [[TSX, 'scripts/dev.ts'], {}],
};

describe.each(Object.keys(WAYS))('%s', (name) => {
  test('asks nobody and leaves no file behind', { timeout: 240_000 }, async () => {
    await mkdir(path.join(home, 'user'));
    const [command, settings] = WAYS[name]!;
    const port = await freePort();
    child = start(command, { HOSTNAME: '127.0.0.1', PORT: String(port), ...settings });
    const url = `http://127.0.0.1:${port}`;
    await expect.poll(() => isReady(url), { timeout: READY_TIMEOUT_MS, interval: 250 }).toBe(true);
    expect((await postPicture(url, await smallPicture())).status).toBe(200);
    expect((await postPicture(url, Buffer.from('no picture'))).status).toBe(415);
    expect((await fetch(url)).status).toBe(200);
    await new Promise((resolve) => setTimeout(resolve, LINGER_MS));
    expect(await trapped()).toBe('');
    expect(await readdir(path.join(home, 'user'), { recursive: true })).toEqual([]);
  });
});

test('the trap notices a name that is looked up', async () => {
  await mkdir(path.join(home, 'user'));
  const program = "require('node:dns').lookup('telemetry.invalid', () => process.exit())";
  child = start([process.execPath, '--eval', program], {});
  await once(child, 'exit');
  expect(await trapped()).toContain('looked up telemetry.invalid');
});

test('with Redis it asks Redis alone', async () => {
  await mkdir(path.join(home, 'user'));
  const redis = await startRedis();
  try {
    const port = await freePort();
    child = start([process.execPath, STANDALONE], {
      HOSTNAME: '127.0.0.1',
      PORT: String(port),
      REDIS_URL: redis.url,
    });
    const url = `http://127.0.0.1:${port}`;
    await expect.poll(() => isReady(url), { timeout: READY_TIMEOUT_MS }).toBe(true);
    expect((await postPicture(url, await smallPicture())).status).toBe(200);
    expect(await trapped()).toBe('');
  } finally {
    await redis.stop();
  }
});
