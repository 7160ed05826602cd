import { spawn, spawnSync } from 'node:child_process';
import { cp, mkdtemp, mkdir, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { end, freePort, startServer } from '../../harness/server';

const TSX = path.resolve('node_modules/.bin/tsx');

const folders: string[] = [];

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'sightline-start-'));
  folders.push(folder);
  return folder;
}

afterEach(() => Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true }))));

test('wrong settings end the process and are named', async () => {
  const starting = startServer({ QUEUE_LIMIT: 'many', MAX_UPLOAD_BYTES: '-1' });
  await expect(starting).rejects.toThrow(
    /QUEUE_LIMIT=many[\s\S]*MAX_UPLOAD_BYTES=-1|MAX_UPLOAD_BYTES=-1[\s\S]*QUEUE_LIMIT=many/,
  );
});

test('what holds is logged at the start, in one line and without secrets', async () => {
  const server = await startServer({ METRICS_TOKEN: 'hidden', QUEUE_LIMIT: '7' });
  await server.stop();
  const [line] = server
    .output()
    .split('\n')
    .filter((text) => text.includes('"starting"'));
  expect(JSON.parse(line!)).toMatchObject({
    settings: { QUEUE_LIMIT: 7, MAX_UPLOAD_BYTES: 20_971_520, METRICS_TOKEN: 'set' },
  });
  expect(server.output()).not.toContain('hidden');
});

test('a default model that is not there ends the process', async () => {
  await expect(startServer({ DEFAULT_MODEL: 'nobody' })).rejects.toThrow('DEFAULT_MODEL=nobody');
});

test('a second folder is a second model, and a broken one spoils nothing else', async () => {
  const modelsDir = await newFolder();
  await cp('models/tiny-imagenet-200', path.join(modelsDir, 'first'), { recursive: true });
  await cp('models/tiny-imagenet-200', path.join(modelsDir, 'second'), { recursive: true });
  await mkdir(path.join(modelsDir, 'third'));
  await writeFile(path.join(modelsDir, 'third', 'config.json'), 'no JSON');
  const server = await startServer({ MODELS_DIR: modelsDir, DEFAULT_MODEL: 'second' });
  try {
    const { models } = (await (await fetch(`${server.url}/api/models`)).json()) as {
      models: { id: string; default: boolean }[];
    };
    expect(models.map(({ id, default: isDefault }) => [id, isDefault])).toEqual([
      ['first', false],
      ['second', true],
    ]);
    const health = (await (await fetch(`${server.url}/api/health`)).json()) as object;
    expect(health).toMatchObject({ status: 'degraded' });
    expect(JSON.stringify(health)).toContain('third: expected');
  } finally {
    await server.stop();
  }
});

test('without a model health says so, and predictions are refused with 503', async () => {
  const server = await startServer({ MODELS_DIR: await newFolder() }, { untilReady: false });
  try {
    const health = await fetch(`${server.url}/api/health`);
    expect(health.status).toBe(503);
    expect(await health.json()).toMatchObject({ status: 'unavailable' });
    const prediction = await fetch(`${server.url}/api/predict`, { method: 'POST', body: 'x' });
    expect(prediction.status).toBe(503);
    expect(prediction.headers.get('retry-after')).toBe('5');
    expect(await prediction.json()).toMatchObject({ type: 'no-model' });
  } finally {
    await server.stop();
  }
});

async function serviceWorkerOf(url: string): Promise<string> {
  const response = await fetch(`${url}/sw.js`);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toContain('javascript');
  return response.text();
}

test.each([
  ['our own server', false],
  ['Next’s route handlers', true],
])('%s serves the service worker', async (_, asFunctions) => {
  const server = await startServer({}, { asFunctions });
  try {
    expect(await serviceWorkerOf(server.url)).toContain('/_next/static/');
  } finally {
    await server.stop();
  }
});

test('npm start serves what is built, pages and service worker included', async () => {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const settings = { HOSTNAME: '127.0.0.1', PORT: String(port), DATA_DIR: await newFolder() };
  const child = spawn(process.execPath, ['--import', 'tsx', 'scripts/start.ts'], {
    env: { PATH: process.env.PATH, NODE_ENV: 'production', ...settings },
    stdio: 'ignore',
  });
  try {
    const status = () => fetch(url).then((response) => response.status, String);
    await expect.poll(status, { timeout: 60_000, interval: 250 }).toBe(200);
    expect(await serviceWorkerOf(url)).toContain('/_next/static/');
  } finally {
    await end(child, 'SIGTERM');
  }
});

/** This checkout as `npm ci --omit=dev` leaves it: nothing built, and no compiler. */
async function withoutCompiler(): Promise<string> {
  const folder = await newFolder();
  const link = (name: string) => symlink(path.resolve(name), path.join(folder, name));
  const others = /^(\.git|\.next|\.build|\.data|\.env|node_modules|scripts)$/;
  await Promise.all((await readdir('.')).filter((name) => !others.test(name)).map(link));
  // What a link leads to would be a module of the other folder.
  await cp('scripts', path.join(folder, 'scripts'), { recursive: true });
  await mkdir(path.join(folder, 'node_modules'));
  const packages = (await readdir('node_modules')).filter(
    (name) => !/^(typescript|@types)$/.test(name),
  );
  await Promise.all(packages.map((name) => link(`node_modules/${name}`)));
  return folder;
}

test.each(['start', 'build'])(
  'npm run %s without development dependencies ends at once with what to do',
  async (command) => {
    const { status, stderr } = spawnSync(TSX, [`scripts/${command}.ts`], {
      cwd: await withoutCompiler(),
      env: { PATH: process.env.PATH, NODE_ENV: 'production' },
      encoding: 'utf8',
      timeout: 20_000,
    });
    expect(stderr).toMatch(/typescript.* missing.*npm ci --include=dev/);
    expect(status).toBe(1);
  },
);
