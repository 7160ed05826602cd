/** Worker processes that crash: everybody else is answered. Limits are tested with the pool. */
import { afterEach, describe, expect, test } from 'vitest';
import { postPicture, smallPicture } from '../../harness/client';
import { childrenOf } from '../../harness/processes';
import { startServer, type TestServer } from '../../harness/server';

const PICTURES = 120;

let server: TestServer;

afterEach(() => server.stop());

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
