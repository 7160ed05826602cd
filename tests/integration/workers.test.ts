/** Worker processes that crash, run out of memory or of time: everybody else is answered. */
import { createHash } from 'node:crypto';
import sharp from 'sharp';
import { afterEach, describe, expect, test } from 'vitest';
import { postPicture, smallPicture } from '../client';
import { childrenOf } from '../processes';
import { startServer, type TestServer } from '../server';

const PICTURES = 120;
const MEBIBYTE = 1024 * 1024;

let server: TestServer;

afterEach(() => server.stop());

function flat(side: number): Promise<Buffer> {
  return sharp({ create: { width: side, height: side, channels: 3, background: '#6a7f5b' } })
    .jpeg()
    .toBuffer();
}

describe.runIf(process.platform === 'linux')('a worker process under load', () => {
  test.each(['SIGSEGV', 'SIGKILL'] as const)(
    'that gets %s costs one 503 at most, and is replaced',
    async (signal) => {
      server = await startServer({ INFERENCE_WORKERS: '2', QUEUE_LIMIT: '1000' });
      await expect.poll(() => childrenOf(server.pid), { timeout: 20_000 }).toHaveLength(3);
      const [victim] = await childrenOf(server.pid);
      const pictures = await Promise.all(
        Array.from({ length: PICTURES }, (_, i) => smallPicture(i)),
      );
      const answers = pictures.map(async (picture, i) => {
        const answer = await postPicture(server.url, picture);
        const text = await answer.text();
        if (i === PICTURES / 4) process.kill(victim!, signal);
        return { status: answer.status, text };
      });
      const others = (await Promise.all(answers)).filter(({ status }) => status !== 200);
      expect(others.filter(({ status }) => status !== 503)).toEqual([]);
      // At most one; shown whole where there are more.
      expect(others.slice(1)).toEqual([]);
      await expect
        .poll(async () => (await childrenOf(server.pid)).filter((pid) => pid !== victim), {
          timeout: 20_000,
        })
        .toHaveLength(3);
    },
  );

  test('that takes more memory than it may is ended: 422, and the log names the picture', async () => {
    server = await startServer({ PICTURE_MEMORY_BYTES: String(64 * MEBIBYTE) });
    const [large, small] = await Promise.all([flat(8000), flat(64)]);
    const [answer, other] = await Promise.all([
      postPicture(server.url, large),
      postPicture(server.url, small),
    ]);
    expect(answer.status).toBe(422);
    expect(await answer.json()).toMatchObject({
      type: 'undecodable-image',
      expected: 'at most 64 MiB of memory',
    });
    expect(other.status).toBe(200);
    const sha256 = createHash('sha256').update(large).digest('hex');
    await expect.poll(() => server.output(), { timeout: 10_000 }).toContain(sha256);
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
