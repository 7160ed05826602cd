/** The production server as tests start it: on loopback, on a free port, stopped by its own id. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { openSync, readFileSync } from 'node:fs';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const START_TIMEOUT_MS = 60_000;
const POLL_MS = 50;

export interface TestServer {
  readonly url: string;
  readonly pid: number;
  readonly dataDir: string;
  /** What it has printed so far. */
  readonly output: () => string;
  /** Waits until it has ended; gives its exit code. */
  readonly exit: () => Promise<number | null>;
  /** The signal that ended it, if one did. */
  readonly signal: () => NodeJS.Signals | null;
  /** Ends it at once, as a crash would. */
  readonly kill: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

export interface StartOptions {
  readonly port?: number;
  /** Else until it answers at all. */
  readonly untilReady?: boolean;
  /** Where it prints to, for one that runs for long; memory otherwise. */
  readonly logFile?: string;
  /** In a process group of its own, which Ctrl-C in a terminal does not reach. */
  readonly detached?: boolean;
  /** The folder that was built. */
  readonly standalone?: string;
  /** By Next's route handlers, as on function platforms, instead of our own server. */
  readonly asFunctions?: boolean;
  /** The folder it is started in. */
  readonly cwd?: string;
  /** As whom it runs. */
  readonly uid?: number;
}

/**
 * Starts what `npm run build` has built and waits until it answers; by default until it is ready, all its
 * workers are warm and its pages are loaded.
 *
 * @param settings environment variables, on top of defaults
 */
export async function startServer(
  settings: Record<string, string> = {},
  {
    port,
    untilReady = true,
    logFile,
    detached = false,
    standalone = '.next/standalone',
    asFunctions = false,
    ...identity
  }: StartOptions = {},
): Promise<TestServer> {
  const chosenPort = port ?? (await freePort());
  const dataDir = settings.DATA_DIR ?? (await mkdtemp(path.join(tmpdir(), 'sightline-data-')));
  if (identity.uid !== undefined) await chown(dataDir, identity.uid, -1);
  const entry = asFunctions ? 'functions-server.js' : 'server.js';
  const printTo = logFile === undefined ? 'pipe' : openSync(logFile, 'a');
  const child = spawn(process.execPath, [path.resolve(standalone, entry)], {
    env: {
      PATH: process.env.PATH,
      NODE_ENV: 'production',
      HOSTNAME: '127.0.0.1',
      PORT: String(chosenPort),
      MODELS_DIR: path.resolve('models'),
      DATA_DIR: dataDir,
      // Most tests ask more than anybody may; those about quotas say how much.
      PREDICT_PER_MINUTE: '0',
      // Next takes the socket's address for what a proxy in front would say.
      ...(asFunctions ? { TRUSTED_PROXIES: '1' } : {}),
      ...settings,
    },
    stdio: ['ignore', printTo, printTo],
    detached,
    ...identity,
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  }
  const output = () => (logFile === undefined ? printed : readFileSync(logFile, 'utf8'));
  const url = `http://127.0.0.1:${chosenPort}`;
  const server: TestServer = {
    url,
    pid: child.pid!,
    dataDir,
    output,
    exit: async () => {
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
      return child.exitCode;
    },
    signal: () => child.signalCode,
    kill: () => end(child, 'SIGKILL'),
    stop: async () => {
      await end(child, 'SIGTERM');
      if (!settings.DATA_DIR) await rm(dataDir, { recursive: true, force: true });
    },
  };
  await waitForHealth(child, url, untilReady, output);
  return server;
}

async function waitForHealth(
  child: ChildProcess,
  url: string,
  untilReady: boolean,
  output: () => string,
): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (Date.now() < deadline) {
    const ending = child.exitCode ?? child.signalCode;
    if (ending !== null) throw new Error(`The server ended with ${ending}:\n${output()}`);
    const response = await fetch(`${url}/api/health`).catch(() => undefined);
    if (response && !untilReady) return;
    if (response?.ok && !/the others are being started/.test(await response.text())) {
      return loadPages(url);
    }
    await sleep(POLL_MS);
  }
  child.kill('SIGKILL');
  throw new Error(`The server was not ready after ${START_TIMEOUT_MS} ms:\n${output()}`);
}

/** Pages are loaded for the first request, which takes the main thread for a moment. */
async function loadPages(url: string): Promise<void> {
  await (await fetch(`${url}/manifest.webmanifest`)).arrayBuffer();
}

/** Ends a process that we started, and waits until it has. */
export async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill(signal);
  await exited;
}
