/**
 * An empty Next page, and a route that answers a constant: measures the cost of the framework
 * alone.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { run, toolEnvironment } from '../scripts/run';
import { end, freePort } from '../harness/server';

const FOLDER = path.resolve('.build/empty-page');

const FILES = {
  'app/layout.js':
    'export default ({ children }) => <html lang="en"><body>{children}</body></html>;',
  'app/page.js': 'export default () => <h1>Empty</h1>;',
  'app/constant/route.js':
    'export async function POST(request) { await request.arrayBuffer(); return Response.json({ ok: true }); }',
  // Uses the packages of the surrounding project.
  'next.config.mjs': `export default { outputFileTracingRoot: ${JSON.stringify(process.cwd())} };`,
  'package.json': '{ "private": true }',
};

export interface EmptyPage {
  readonly url: string;
  stop(): Promise<void>;
}

const environment = { ...toolEnvironment, NODE_ENV: 'production' as const };

export async function buildEmptyPage(): Promise<void> {
  for (const [file, content] of Object.entries(FILES)) {
    await mkdir(path.dirname(path.join(FOLDER, file)), { recursive: true });
    await writeFile(path.join(FOLDER, file), content);
  }
  // Turbopack would include the surrounding project's proxy and instrumentation.
  await run('next', ['build', FOLDER, '--webpack'], { env: environment });
}

/** Starts the built server. It may not answer yet. */
export function spawnEmptyPage(port: number): ChildProcess {
  const args = ['start', FOLDER, '--port', String(port), '--hostname', '127.0.0.1'];
  return spawn('node_modules/.bin/next', args, { env: environment, stdio: 'ignore' });
}

export async function startEmptyPage(): Promise<EmptyPage> {
  await buildEmptyPage();
  const port = await freePort();
  const child = spawnEmptyPage(port);
  const url = `http://127.0.0.1:${port}`;
  await untilAnswers(url, child);
  return { url, stop: () => end(child, 'SIGTERM') };
}

async function untilAnswers(url: string, child: ChildProcess): Promise<void> {
  while (child.exitCode === null) {
    const isUp = await fetch(url).then(
      (response) => response.ok,
      () => false,
    );
    if (isUp) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`The empty page's server ended with ${child.exitCode}.`);
}
