import { once } from 'node:events';
import { request, type ClientRequest, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { postPicture, smallPicture, statistics } from '../../harness/client';
import { startRedis, type TestRedis } from '../../harness/redis';
import { startServer, type TestServer } from '../../harness/server';

let server: TestServer;
let redis: TestRedis | undefined;

afterEach(async () => {
  await server.kill();
  await redis?.stop();
  redis = undefined;
});

/** A request that the server has begun to read, and whose rest it waits for. */
async function unfinishedUpload(
  picture: Buffer,
): Promise<{ upload: ClientRequest; answer: Promise<IncomingMessage> }> {
  const upload = request(`${server.url}/api/predict`, {
    method: 'POST',
    headers: {
      'Content-Type': 'image/jpeg',
      'Content-Length': picture.length,
      Expect: '100-continue',
    },
  });
  const answer = once(upload, 'response').then(([response]) => response as IncomingMessage);
  answer.catch(() => undefined);
  upload.on('error', () => undefined);
  upload.flushHeaders();
  await once(upload, 'continue');
  upload.write(picture.subarray(0, 10));
  return { upload, answer };
}

/** Connected, and half-way through asking for health. */
async function unfinishedQuestion(): Promise<{ ask: () => Promise<string> }> {
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
  await once(socket, 'connect');
  socket.write('GET /api/health HTTP/1.1\r\nHost: localhost\r\n');
  return {
    ask: async () => {
      socket.write('\r\n');
      return text(socket);
    },
  };
}

function takesConnections(): Promise<boolean> {
  return fetch(`${server.url}/api/health?probe=live`).then(
    () => true,
    () => false,
  );
}

test('SIGTERM: not ready, no new connection, what is under way is answered and counted', async () => {
  redis = await startRedis();
  const settings = { REDIS_URL: redis.url, INFERENCE_WORKERS: '1' };
  server = await startServer(settings);
  const picture = await smallPicture();
  await postPicture(server.url, picture);
  const { upload, answer } = await unfinishedUpload(picture);
  const { ask } = await unfinishedQuestion();

  process.kill(server.pid, 'SIGTERM');
  await expect.poll(takesConnections, { timeout: 5_000 }).toBe(false);
  const health = await ask();
  expect(health).toMatch(/^HTTP\/1\.1 503 /);
  expect(health).toContain('the server is stopping');
  expect(health).toMatch(/^connection: close\r$/im);

  upload.end(picture.subarray(10));
  const response = await answer;
  expect(response.statusCode).toBe(200);
  expect(response.headers.connection).toBe('close');
  response.resume();
  expect(await server.exit()).toBe(0);

  server = await startServer(settings);
  expect((await statistics(server.url)).totals.predictions).toBe(2);
});

test('a second signal ends the process at once', async () => {
  server = await startServer({ INFERENCE_WORKERS: '1' });
  const { upload } = await unfinishedUpload(await smallPicture());
  process.kill(server.pid, 'SIGTERM');
  await expect.poll(takesConnections, { timeout: 5_000 }).toBe(false);
  // One that follows on the heels of the first is taken for the same.
  const again = setInterval(() => process.kill(server.pid, 'SIGINT'), 200);
  const code = await server.exit().finally(() => clearInterval(again));
  upload.destroy();
  expect(code).toBe(130);
});

describe('an upload that never ends', () => {
  let upload: ClientRequest;
  let sending: NodeJS.Timeout;

  beforeEach(async () => {
    server = await startServer({ INFERENCE_WORKERS: '1' });
    ({ upload } = await unfinishedUpload(Buffer.alloc(1_000_000)));
    // Fast enough not to be refused as too slow.
    sending = setInterval(() => upload.write(Buffer.alloc(10_000)), 250);
  });

  afterEach(() => clearInterval(sending));

  // Supervisors give ten seconds.
  test('is cut off, and the process ends by itself', { timeout: 10_000 }, async () => {
    process.kill(server.pid, 'SIGTERM');
    expect(await server.exit()).toBe(0);
    upload.destroy();
    expect(server.output()).toContain('requests were cut off');
  });
});
