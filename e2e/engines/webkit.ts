/** WebKitGTK's MiniBrowser by WebDriver, on a screen that nobody sees. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findMiniBrowser } from '../../scripts/engines';
import { waitForPort } from '../../harness/redis';
import { end, freePort } from '../../harness/server';
import { STEP_TIMEOUT_MS, type Engine } from './engine';

const POLL_MS = 50;

export interface WebkitOptions {
  /** Memory that threads share, which this engine has only where it is asked for. */
  readonly hasSharedMemory?: boolean;
}

export async function startWebkit({
  hasSharedMemory = false,
}: WebkitOptions = {}): Promise<Engine> {
  const binary = findMiniBrowser();
  if (binary === undefined) throw new Error('expected WebKitGTK’s MiniBrowser on this machine');
  const home = await mkdtemp(path.join(tmpdir(), 'sightline-webkit-'));
  const screen = await startScreen();
  const port = await freePort();
  const driver = spawn('WebKitWebDriver', [`--port=${port}`, '--host=127.0.0.1'], {
    env: {
      ...process.env,
      DISPLAY: screen.display,
      HOME: home,
      XDG_RUNTIME_DIR: home,
      // Without a graphics card.
      LIBGL_ALWAYS_SOFTWARE: '1',
      ...(hasSharedMemory ? { JSC_useSharedArrayBuffer: '1' } : {}),
    },
    stdio: 'ignore',
  });
  // Where a run ends before its browsers are closed, they end with it.
  const endBoth = () => [driver, screen.process].forEach((child) => child.kill());
  process.once('exit', endBoth);
  await waitForPort(port);
  const session = await openSession(`http://127.0.0.1:${port}`, binary);
  return {
    name: hasSharedMemory ? 'WebKit with shared memory' : 'WebKit',
    goto: (url) => load(session, url),
    evaluate: (expression) => evaluate(session, expression),
    close: async () => {
      await session.send('DELETE', '').catch(() => undefined);
      await end(driver, 'SIGTERM');
      await end(screen.process, 'SIGTERM');
      process.off('exit', endBoth);
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** The display's number is one that is free. */
async function startScreen(): Promise<{ display: string; process: ChildProcess }> {
  const screen = spawn(
    'Xvfb',
    ['-displayfd', '3', '-screen', '0', '1440x900x24', '-nolisten', 'tcp'],
    { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] },
  );
  const [number] = (await once(screen.stdio[3]!, 'data')) as [Buffer];
  return { display: `:${number.toString().trim()}`, process: screen };
}

interface Session {
  /** @throws Error with what the driver says */
  send(method: 'POST' | 'DELETE', command: string, body?: object): Promise<unknown>;
}

async function openSession(driverUrl: string, binary: string): Promise<Session> {
  const send = async (method: string, address: string, body?: object) => {
    const response = await fetch(`${driverUrl}${address}`, {
      method,
      ...(body ? { body: JSON.stringify(body) } : {}),
      signal: AbortSignal.timeout(3 * STEP_TIMEOUT_MS),
    });
    const { value } = (await response.json()) as { value: unknown };
    if (!response.ok) throw new Error(`${method} ${address}: ${JSON.stringify(value)}`);
    return value;
  };
  const { sessionId } = (await send('POST', '/session', {
    capabilities: {
      alwaysMatch: { 'webkitgtk:browserOptions': { binary, args: ['--automation'] } },
    },
  })) as { sessionId: string };
  const address = `/session/${sessionId}`;
  await send('POST', `${address}/timeouts`, { script: 2 * STEP_TIMEOUT_MS });
  return {
    send: (method, command, body) =>
      send(method, command === '' ? address : `${address}/${command}`, body),
  };
}

/**
 * Loads a page and waits for it. The driver takes what the page before writes into its own address
 * meanwhile, as Next's router does, for the end of the loading, and runs scripts in the page before.
 */
async function load(session: Session, url: string): Promise<void> {
  await evaluate(session, '(window.isLeft = true)');
  await session.send('POST', 'url', { url });
  const isLoaded = `!window.isLeft && document.readyState === 'complete'`;
  const deadline = Date.now() + STEP_TIMEOUT_MS;
  // A script in a page that is just left ends with an error.
  while (!(await evaluate(session, isLoaded).catch(() => false))) {
    if (Date.now() > deadline) throw new Error(`WebKit does not load ${url}`);
    await sleep(POLL_MS);
  }
}

async function evaluate(session: Session, expression: string): Promise<unknown> {
  const script = `
    const done = arguments[0];
    Promise.resolve().then(() => ${expression}).then(
      (value) => done(JSON.stringify({ value })),
      (error) => done(JSON.stringify({ error: String(error && error.stack ? error + '\\n' + error.stack : error) })),
    );`;
  const reply = (await session.send('POST', 'execute/async', { script, args: [] })) as string;
  const { value, error } = JSON.parse(reply) as { value?: unknown; error?: string };
  if (error !== undefined) throw new Error(error);
  return value;
}
