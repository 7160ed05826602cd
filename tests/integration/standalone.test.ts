import { execFile, spawnSync } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
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

test('the commands run from what was built, on the data of its server', async () => {
  const asNobody = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
  const env: NodeJS.ProcessEnv = {
    NODE_ENV: 'production',
    PATH: process.env.PATH,
    DATA_DIR: server!.dataDir,
  };
  const cli = async (...args: string[]) => {
    const command = [path.join(folder, 'cli.js'), ...args];
    return (await promisify(execFile)(process.execPath, command, { cwd: folder, env, ...asNobody }))
      .stdout;
  };
  const before = await listing();
  expect(await cli()).toContain('node cli.js COMMAND');
  expect(await cli('keys', '--help')).toContain('node cli.js keys create --name NAME');
  const key = /^sl_\S+$/m.exec(await cli('keys', 'create', '--name', 'built'))![0];
  const picture = await readFile('public/samples/espresso.png');
  expect((await postPicture(server!.url, picture, { 'x-api-key': key })).status).toBe(200);

  expect(await cli('model', 'list')).toMatch(/^\* tiny-imagenet-200 /m);
  // A check is kept beside its model: that folder is mounted to be written to.
  env.MODELS_DIR = path.join(server!.dataDir, 'models');
  await cp('models', env.MODELS_DIR, { recursive: true });
  expect(
    spawnSync('chown', [
      '-R',
      String(process.getuid?.() === 0 ? NOBODY : process.getuid?.()),
      env.MODELS_DIR,
    ]).status,
  ).toBe(0);
  expect(await cli('model', 'check', 'tiny-imagenet-200')).toContain('holds in both runtimes');

  const copy = path.join(server!.dataDir, 'copy.db');
  expect(await cli('backup', copy)).toContain('Copied');
  expect(await cli('restore', copy)).toContain('is kept as');
  expect(await cli('keys', 'list')).toContain('built');
  await expect(cli('keys', 'revoke', 'nobody')).rejects.toThrow('received nobody');
  expect(await listing()).toEqual(before);
});
