import { spawnSync } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { postPicture } from '../../harness/client';
import { startServer, type TestServer } from '../../harness/server';

/** The user "nobody" of every Linux: root could write in spite of the file mode. */
const NOBODY = 65_534;

let folder: string;
let server: TestServer | undefined;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'sightline-standalone-'));
  await cp('.next/standalone', folder, { recursive: true });
  const { status } = spawnSync('chmod', ['-R', 'a-w,a+rX', folder]);
  expect(status).toBe(0);
});

afterAll(async () => {
  await server?.stop();
  spawnSync('chmod', ['-R', 'u+w', folder]);
  await rm(folder, { recursive: true, force: true });
});

/** Names and sizes of every file. */
async function listing(): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true });
  return entries.sort();
}

test('what was built classifies a picture from an empty folder that it cannot write to', async () => {
  const before = await listing();
  const asNobody = process.getuid?.() === 0 ? { uid: NOBODY } : {};
  // Neither the models nor anything else of this checkout.
  const settings = { MODELS_DIR: '', METRICS_TOKEN: '' };
  server = await startServer(settings, { standalone: folder, cwd: folder, ...asNobody });
  const response = await postPicture(server.url, await readFile('public/samples/espresso.png'));
  expect(await response.json()).toMatchObject({
    predictions: [{ label: 'espresso' }, {}, {}, {}, {}],
  });
  const page = await fetch(server.url);
  expect(page.status).toBe(200);
  expect((await fetch(`${server.url}/sw.js`)).status).toBe(200);
  expect(server.output()).not.toMatch(/EACCES|EROFS|EPERM/);
  expect(await listing()).toEqual(before);
});
