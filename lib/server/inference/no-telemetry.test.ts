import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';

const LOAD = `
  import { readModelFolder } from './lib/server/models/folder.ts';
  import { toWorkerModel } from './lib/server/inference/worker-model.ts';
  import { loadModel } from './lib/server/inference/session.ts';
  const { id } = await loadModel(toWorkerModel(await readModelFolder('models/' + process.argv[1], process.argv[1])));
  console.info(id);
`;

test('a process that loads a model leaves no device id and no reports behind', async () => {
  const [id] = await readdir('models');
  const cacheDir = await mkdtemp(path.join(tmpdir(), 'sightline-cache-'));
  onTestFinished(() => rm(cacheDir, { recursive: true }));
  const env = { ...process.env };
  delete env.ORT_DISABLE_TELEMETRY;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--import', 'tsx', '--input-type=module', '--eval', LOAD, id!],
    { env: { ...env, XDG_CACHE_HOME: cacheDir } },
  );
  expect(stdout.trim()).toBe(id);
  expect(await readdir(cacheDir)).toEqual([]);
});
