/** docs/operations.md, Backup: its commands as they stand there, while predictions go on. */
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { keysCommand, makeKey, postPicture, smallPicture, statistics } from '../../harness/client';
import { startServer, type TestServer } from '../../harness/server';

/** A restored file is taken within a second or two, and a key is known for two more. */
const TAKEN_TIMEOUT_MS = 15_000;
const PAUSE_MS = 40;

let folder: string;
let dataDir: string;
let server: TestServer;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'sightline-backup-'));
  dataDir = path.join(folder, 'data');
  server = await startServer({ DATA_DIR: dataDir, INFERENCE_WORKERS: '1' });
});

afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

/** What a reader would type. */
async function stepsOfDocs(): Promise<string[]> {
  const docs = await readFile('docs/operations.md', 'utf8');
  const chapter = docs.slice(docs.indexOf('\n## Backup'));
  const [, block = ''] = /```sh\n([\s\S]*?)```/.exec(chapter) ?? [];
  return block
    .trim()
    .split('\n')
    .map((line) => line.replace('/backups/', `${folder}/`));
}

async function runStep(step: string): Promise<string> {
  const env = { ...process.env, DATA_DIR: dataDir };
  return (await promisify(execFile)('sh', ['-c', step], { env })).stdout;
}

/** Predicts without end; gives every status that came. */
function load(): { readonly stop: () => Promise<number[]> } {
  const statuses: number[] = [];
  let stopped = false;
  const run = async () => {
    for (let number = 0; !stopped; number++) {
      const response = await postPicture(server.url, await smallPicture(number));
      await response.arrayBuffer();
      statuses.push(response.status);
      await sleep(PAUSE_MS);
    }
  };
  const done = Promise.all([run(), run()]);
  return {
    stop: async () => {
      stopped = true;
      await done;
      return statuses;
    },
  };
}

async function statusOf(key: string): Promise<number> {
  const response = await postPicture(server.url, await smallPicture(), { 'x-api-key': key });
  return response.status;
}

test('a backup is made and restored under load, and no answer fails', async () => {
  const [backUp, restore, ...others] = await stepsOfDocs();
  expect(others).toEqual([]);
  const underLoad = load();
  const before = await makeKey({ DATA_DIR: dataDir }, '--name', 'before');
  await expect
    .poll(async () => (await statistics(server.url)).totals.predictions)
    .toBeGreaterThan(3);
  expect(await runStep(backUp!)).toContain(`Copied ${dataDir}/sightline.db`);
  const after = await makeKey({ DATA_DIR: dataDir }, '--name', 'after');
  expect(await statusOf(after)).toBe(200);

  const said = await runStep(restore!);
  await expect.poll(() => statusOf(after), { timeout: TAKEN_TIMEOUT_MS }).toBe(401);
  expect(await statusOf(before)).toBe(200);
  const statuses = await underLoad.stop();
  expect(new Set(statuses)).toEqual(new Set([200]));

  const { predictions } = (await statistics(server.url)).totals;
  expect(predictions).toBeGreaterThan(3);
  const [, kept = ''] = /is kept as (\S+)\.$/m.exec(said) ?? [];
  const names = [path.basename(kept), 'sightline.db'];
  expect(await readdir(dataDir)).toEqual(expect.arrayContaining(names));
  const listed = await keysCommand({ DATA_DIR: dataDir }, 'list');
  expect(listed).toContain('before');
  expect(listed).not.toContain('after');

  await server.stop();
  const files = (await readdir(dataDir)).filter((name) => !name.startsWith(path.basename(kept)));
  expect(files).toEqual(['sightline.db']);
});

test('what cannot be done is said in a sentence', async () => {
  const [backUp] = await stepsOfDocs();
  await expect(runStep(backUp!)).rejects.toThrow(/expected no file at \S+sightline\.db yet/);
  await expect(runStep('npm run restore -- /nowhere/x.db')).rejects.toThrow('found no file');
  await expect(runStep('npm run backup')).rejects.toThrow('expected backup FILE, received nothing');
  const overRedis = `REDIS_URL=redis://127.0.0.1:1 ${backUp}`;
  await expect(runStep(overRedis)).rejects.toThrow('back up Redis itself');
});
