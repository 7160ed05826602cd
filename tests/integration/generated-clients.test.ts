/** Clients that generators make from the served description: docs/api.md, as it stands there. */
import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { exampleNamed } from '../../harness/docs';
import { startServer, type TestServer } from '../../harness/server';

const DOCS = 'docs/api.md';
const EXAMPLES = ['hey-api', 'openapi-typescript', 'openapi-fetch'];
const TSX = import.meta.resolve('tsx');
const TSC = path.resolve('node_modules/typescript/bin/tsc');
const OPENAPI_TS = path.resolve('node_modules/@hey-api/openapi-ts/bin/run.js');
const STRICT = [
  ...['--noEmit', '--strict', '--noUncheckedIndexedAccess', '--target', 'esnext'],
  ...[
    '--module',
    'esnext',
    '--moduleResolution',
    'bundler',
    '--types',
    'node',
    '--skipLibCheck',
    '--pretty',
    'false',
  ],
];

/** Must not compile: what is no picture is refused by both. */
const WRONG = `
import createClient from 'openapi-fetch';
import type { paths } from './schema';
import { predict, predictBatch } from './sightline';
const body = { image: 42 };
// @ts-expect-error: a number
await predict({ body });
// @ts-expect-error: numbers
await predictBatch({ body: { images: [42] } });
// @ts-expect-error: a number
await createClient<paths>().POST('/api/predict', { body });
`;

let server: TestServer;
let folder: string;

beforeAll(async () => {
  server = await startServer();
  folder = await mkdtemp(path.join(tmpdir(), 'sightline-generated-'));
  await symlink(path.resolve('node_modules'), path.join(folder, 'node_modules'));
  await writeFile(path.join(folder, 'package.json'), '{"type": "module"}');
  await copyFile('public/samples/espresso.png', path.join(folder, 'cat.png'));
  for (const name of EXAMPLES) {
    const code = exampleNamed(DOCS, name).replaceAll('http://localhost:3000', server.url);
    await writeFile(path.join(folder, `${name}.ts`), code);
  }
  await node(
    OPENAPI_TS,
    ...['--input', `${server.url}/api/openapi.json`, '--output', 'sightline', '--silent'],
  );
  await run('openapi-typescript');
});

afterAll(async () => {
  await rm(folder, { recursive: true });
  await server.stop();
});

/** Gives what it printed; a failure has that in its message. */
async function node(...parameters: string[]): Promise<string> {
  const ended = promisify(execFile)(process.execPath, parameters, { cwd: folder });
  const { stdout } = await ended.catch((error: Error & { stdout: string; stderr: string }) => {
    throw new Error(`${error.stdout}\n${error.stderr}`, { cause: error });
  });
  return stdout;
}

const run = (name: string) => node('--import', TSX, `${name}.ts`);

test(
  'both compile with a File, and with nothing that is no picture',
  { timeout: 180_000 },
  async () => {
    await writeFile(path.join(folder, 'wrong.ts'), WRONG);
    await node(TSC, ...STRICT, 'wrong.ts', ...EXAMPLES.map((name) => `${name}.ts`));
  },
);

test('hey-api: a form with one File and with two is answered', async () => {
  expect(await run('hey-api')).toBe('espresso\ncat.png espresso\ncat.png espresso\n');
});

test('openapi-fetch: forms and a raw File are answered', async () => {
  expect(await run('openapi-fetch')).toBe(
    'espresso\nespresso\ncat.png espresso\ncat.png espresso\n',
  );
});
