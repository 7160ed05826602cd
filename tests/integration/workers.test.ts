/** Worker processes that crash: everybody else is answered. Limits are tested with the pool. */
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { postPicture, smallPicture } from '../../harness/client';
import { childrenOf } from '../../harness/processes';
import { startServer, type TestServer } from '../../harness/server';
import { SOUND_MODELS, writeModel } from '../../harness/models/folders';
import { health, LIGHTS_WITHIN_MS, logLines } from '../lights';
import { metricsText, metricValue } from '../metrics';

const PICTURES = 120;
const LIGHTS = { timeout: LIGHTS_WITHIN_MS, interval: 100 };

let server: TestServer;

afterEach(() => server.stop());

/** The pool as all lights show it: its status, `ready`, workers that take pictures, the reason. */
async function lights(): Promise<string> {
  const { status, detail = '' } = (await health(server.url)).checks.model;
  const text = await metricsText(server.url);
  const ready = metricValue(text, 'sightline_ready');
  return `${status} ${ready} ${metricValue(text, 'sightline_pool_workers')} ${detail}`.trim();
}

/** Small JPEGs whose bytes differ: colours that are near to each other give equal ones. */
async function differentPictures(): Promise<Buffer[]> {
  const picture = await smallPicture();
  return Array.from({ length: PICTURES }, (_, i) => Buffer.concat([picture, Buffer.from([i])]));
}

describe.runIf(process.platform === 'linux')('a worker process under load', () => {
  test.each(['SIGSEGV', 'SIGKILL'] as const)(
    'that gets %s costs one 503 at most, and is replaced',
    async (signal) => {
      server = await startServer({
        INFERENCE_WORKERS: '2',
        QUEUE_LIMIT: '1000',
        LOG_LEVEL: 'error',
      });
      await expect.poll(() => childrenOf(server.pid), { timeout: 20_000 }).toHaveLength(3);
      const [victim] = await childrenOf(server.pid);
      const pictures = await differentPictures();
      const answers = pictures.map(async (picture, i) => {
        const answer = await postPicture(server.url, picture);
        const text = await answer.text();
        if (i === PICTURES / 4) process.kill(victim!, signal);
        return { status: answer.status, text };
      });
      const others = (await Promise.all(answers)).filter(({ status }) => status !== 200);
      expect(others.filter(({ status }) => status !== 503)).toEqual([]);
      // At most one; shown whole where there are more.
      expect(others.slice(1), server.output()).toEqual([]);
      await expect
        .poll(async () => (await childrenOf(server.pid)).filter((pid) => pid !== victim), {
          timeout: 20_000,
        })
        .toHaveLength(3);
    },
  );

  test.each(['SIGSTOP', 'SIGKILL'] as const)(
    'all of them get %s while nobody asks: told within seconds, and replaced',
    async (signal) => {
      server = await startServer({ INFERENCE_WORKERS: '2' });
      await expect.poll(() => childrenOf(server.pid), LIGHTS).toHaveLength(3);
      expect(await lights()).toBe('ok 1 2');
      const victims = await childrenOf(server.pid);
      for (const pid of victims) process.kill(pid, signal);
      await expect
        .poll(lights, { ...LIGHTS, interval: 20 })
        .toMatch(/^unavailable 0 0 .*started again/);
      await expect.poll(lights, { timeout: 20_000 }).toBe('ok 1 2');
      // The third is a spare, which may not have been ready yet.
      const [first, second] = victims;
      const children = await childrenOf(server.pid);
      expect(children.filter((pid) => pid === first || pid === second)).toEqual([]);
      const ended = logLines(server.output(), 'a pool worker has ended');
      expect(ended.length).toBeGreaterThanOrEqual(2);
      expect((await postPicture(server.url, await smallPicture())).status).toBe(200);
    },
  );

  test('cannot be replaced while its model is broken: told while nobody asks, until it is whole', async () => {
    const models = await mkdtemp(path.join(tmpdir(), 'sightline-broken-'));
    const folder = path.join(models, 'first');
    await writeModel(folder, SOUND_MODELS['fixed-batch']!);
    server = await startServer({ INFERENCE_WORKERS: '1', MODELS_DIR: models });
    await expect.poll(() => childrenOf(server.pid), LIGHTS).toHaveLength(2);
    await rename(folder, `${models}-away`);
    await mkdir(folder);
    await expect.poll(lights, LIGHTS).toMatch(/^degraded 1 1 .*first: /);
    for (const pid of await childrenOf(server.pid)) process.kill(pid, 'SIGKILL');
    await expect.poll(lights, LIGHTS).toMatch(/^unavailable 0 0 /);
    const answer = await postPicture(server.url, await smallPicture());
    expect([answer.status, answer.headers.has('retry-after')]).toEqual([503, true]);
    await rm(folder, { recursive: true });
    await rename(`${models}-away`, folder);
    await expect.poll(lights, { timeout: 40_000 }).toBe('ok 1 1');
    expect((await postPicture(server.url, await smallPicture())).status).toBe(200);
    await rename(models, `${models}-away`);
    await expect.poll(lights, LIGHTS).toMatch(/^degraded 1 1 .*MODELS_DIR cannot be read/);
    await rename(`${models}-away`, models);
    await expect.poll(lights, LIGHTS).toBe('ok 1 1');
    await rm(models, { recursive: true });
  });

  test('does not outlive a server that is killed', async () => {
    server = await startServer({ INFERENCE_WORKERS: '1' });
    const children = await childrenOf(server.pid);
    expect(children.length).toBeGreaterThan(0);
    await server.kill();
    const alive = () => children.filter(isAlive);
    await expect.poll(alive, { timeout: 10_000 }).toEqual([]);
  });
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
