/**
 * Starts the production server for tests: on loopback, on a free port. Stops it by its process id.
 */
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
  /** The output so far. */
  readonly output: () => string;
  /** Waits until the process has ended, and returns its exit code. */
  readonly exit: () => Promise<number | null>;
  /** The signal that ended the process, if any. */
  readonly signal: () => NodeJS.Signals | null;
  /** Kills the process, like a crash. */
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
  /** Whether to wait until it is ready (default) or only until it answers. */
  readonly untilReady?: boolean;
  /** File for the output of a long-running server; default: memory. */
  readonly logFile?: string;
  /** Whether it gets its own process group, which Ctrl-C in a terminal does not reach. */
  readonly detached?: boolean;
  /** The built folder. */
  readonly standalone?: string;
  /**
   * Whether Next's route handlers serve the API, as on function platforms, instead of our own
   * server.
   */
  readonly asFunctions?: boolean;
  /** Working folder of the process. */
  readonly cwd?: string;
  /** User id of the process. */
  readonly uid?: number;
}

/**
 * Starts the built server and waits until it answers: by default until it is ready, all its workers
 * are warm and its pages are loaded.
 *
 * @param settings environment variables, in addition to the defaults
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
      // Quotas are off: most tests exceed them. Tests of quotas set them.
      PREDICT_PER_MINUTE: '0',
      // Next puts the socket's address where a proxy would put the client's.
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

/** Loads the pages' code, which otherwise blocks the main thread at the first request. */
async function loadPages(url: string): Promise<void> {
  await (await fetch(`${url}/manifest.webmanifest`)).arrayBuffer();
}

/** Ends a process that we started, and waits until it has ended. */
export async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill(signal);
  await exited;
}
