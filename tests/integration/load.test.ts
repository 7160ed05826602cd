import { readdir, readFile } from 'node:fs/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { largePictures } from '../../harness/pictures';
import { childrenOf } from '../../harness/processes';
import { startServer, type TestServer } from '../../harness/server';

let server: TestServer;

afterEach(() => server.stop());

function predict(bytes: Uint8Array, signal?: AbortSignal): Promise<Response> {
  return fetch(`${server.url}/api/predict`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/octet-stream' },
    body: new Uint8Array(bytes),
    ...(signal ? { signal } : {}),
  });
}

describe('a full queue', () => {
  test('is answered with 503 and Retry-After, and everything else is answered', async () => {
    server = await startServer({ INFERENCE_WORKERS: '1', QUEUE_LIMIT: '2' });
    const pictures = await largePictures(12);
    const responses = await Promise.all(pictures.map((picture) => predict(picture)));
    const statuses = responses.map(({ status }) => status);
    expect(new Set(statuses)).toEqual(new Set([200, 503]));
    // One runs and two wait; the others were refused.
    expect(statuses.filter((status) => status === 200).length).toBeGreaterThanOrEqual(3);
    const shed = responses.find(({ status }) => status === 503)!;
    expect(Number(shed.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    expect(await shed.json()).toMatchObject({ type: 'overloaded', status: 503 });
  });

  test('takes equal pictures as one', async () => {
    server = await startServer({ INFERENCE_WORKERS: '1', QUEUE_LIMIT: '1' });
    const [picture] = await largePictures(1);
    const responses = await Promise.all(Array.from({ length: 20 }, () => predict(picture!)));
    expect(responses.map(({ status }) => status)).toEqual(Array(20).fill(200));
  });
});

test('clients that hang up leave the server right and its queue empty', async () => {
  server = await startServer({ INFERENCE_WORKERS: '1', QUEUE_LIMIT: '50' });
  const pictures = await largePictures(20);
  const controller = new AbortController();
  const sent = pictures.map((picture) => predict(picture, controller.signal));
  // By then all are there, and most wait.
  await Promise.race(sent);
  controller.abort();
  const outcomes = await Promise.allSettled(sent);
  expect(outcomes.filter(({ status }) => status === 'rejected').length).toBeGreaterThan(0);

  const espresso = await readFile('public/samples/espresso.png');
  const response = await predict(espresso);
  expect(await response.json()).toMatchObject({
    predictions: [{ label: 'espresso' }, {}, {}, {}, {}],
  });
  const health = await fetch(`${server.url}/api/health`);
  expect(await health.json()).toMatchObject({ checks: { queue: { waiting: 0 } } });
});

// Priorities of threads are Linux's.
test.runIf(process.platform === 'linux')(
  'worker threads have a lower priority than the main thread',
  async () => {
    server = await startServer({ INFERENCE_WORKERS: '2', INFERENCE_ISOLATION: 'thread' });
    const tasks = await readdir(`/proc/${server.pid}/task`);
    const nicenesses = await Promise.all(tasks.map((task) => niceness(server.pid, task)));
    const main = await niceness(server.pid, String(server.pid));
    expect(nicenesses.filter((value) => value > main).length).toBeGreaterThanOrEqual(2);
  },
);

test.runIf(process.platform === 'linux')(
  'worker processes have a lower priority than the server',
  async () => {
    server = await startServer({ INFERENCE_WORKERS: '2' });
    const nicenesses = await Promise.all(
      (await childrenOf(server.pid)).map((pid) => niceness(pid, String(pid))),
    );
    const main = await niceness(server.pid, String(server.pid));
    expect(nicenesses.filter((value) => value > main).length).toBeGreaterThanOrEqual(2);
  },
);

/** Field 19 of proc_pid_stat(5); what stands before the bracket may hold spaces. */
async function niceness(pid: number, task: string): Promise<number> {
  const stat = await readFile(`/proc/${pid}/task/${task}/stat`, 'utf8');
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[16]);
}
