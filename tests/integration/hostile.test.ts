/** Clients that lie, dawdle and hang up, and pictures made to hurt: everybody else goes on as before. */
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { healthResponseSchema } from '@/lib/shared/contract/health';
import { predictResponseSchema } from '@/lib/shared/contract/predict';
import { largePictures } from '../../harness/pictures';
import { postPicture } from '../../harness/client';
import { startServer, type TestServer } from '../../harness/server';

const UPLOAD_TIMEOUT_MS = 1_500;
const IDLE_CONNECTIONS = 200;
const ABORTED_UPLOADS = 1_000;
const AT_ONCE = 50;

let server: TestServer;
let espresso: Buffer;
const sockets = new Set<Socket>();

beforeAll(async () => {
  server = await startServer({ UPLOAD_TIMEOUT_MS: String(UPLOAD_TIMEOUT_MS) });
  espresso = await readFile('public/samples/espresso.png');
});

afterEach(() => {
  for (const socket of sockets) socket.destroy();
  sockets.clear();
});

afterAll(() => server.stop());

async function open(): Promise<Socket> {
  const { hostname, port } = new URL(server.url);
  const socket = connect(Number(port), hostname);
  // A server may well reset a connection that deserves it.
  socket.on('error', () => undefined);
  sockets.add(socket);
  await once(socket, 'connect');
  return socket;
}

function head(...headers: string[]): string {
  return ['POST /api/predict HTTP/1.1', 'Host: x', ...headers, '', ''].join('\r\n');
}

/** Everything that comes until the server closes the connection. */
async function untilClosed(socket: Socket): Promise<string> {
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  if (!socket.closed) await once(socket, 'close');
  return Buffer.concat(chunks).toString();
}

/** The first answer, which may come on a connection that stays. */
async function firstAnswer(socket: Socket): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of socket as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    const text = Buffer.concat(chunks).toString();
    if (/\r\n\r\n[^]*\}/.test(text)) return text;
  }
  return Buffer.concat(chunks).toString();
}

const statusOf = (answer: string) => Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1]);

async function expectAllWell(): Promise<void> {
  const response = await fetch(`${server.url}/api/health`);
  const health = healthResponseSchema.parse(await response.json());
  expect(health.status).toBe('ok');
  expect(health.checks.queue.waiting).toBe(0);
  const answer = await postPicture(server.url, espresso);
  const { predictions } = predictResponseSchema.parse(await answer.json());
  expect(predictions[0]!.label).toBe('espresso');
  expect(server.output()).not.toMatch(/unhandled/i);
}

async function openFiles(): Promise<number> {
  return (await readdir(`/proc/${server.pid}/fd`)).length;
}

describe('a hostile picture', () => {
  const flat = (width: number, height: number) =>
    sharp({
      create: { width, height, channels: 3, background: '#888' },
      limitInputPixels: false,
    });

  test.each<[string, () => Promise<Buffer>]>([
    ['PNG', () => flat(15_000, 15_000).png().toBuffer()],
    ['GIF', () => flat(12_000, 12_000).gif({ effort: 1 }).toBuffer()],
    ['WebP', () => flat(12_000, 12_000).webp({ effort: 0 }).toBuffer()],
  ])('%s of over 100 megapixels in under 1 MB', async (_name, make) => {
    const bomb = await make();
    expect(bomb.byteLength).toBeLessThan(1_000_000);
    const response = await postPicture(server.url, bomb);
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({ type: 'too-many-pixels' });
    await expectAllWell();
  });

  test('a header that promises far more than there is', async () => {
    const small = await flat(8, 8).png().toBuffer();
    small.writeUInt32BE(7_900, 16);
    small.writeUInt32BE(7_900, 20);
    const response = await postPicture(server.url, small);
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({ type: 'undecodable-image' });
    await expectAllWell();
  });
});

describe('a wrong Content-Length', () => {
  test('more than the body, then silence: 408', async () => {
    const socket = await open();
    socket.write(head('Content-Type: image/png', 'Content-Length: 100000') + 'only this');
    expect(statusOf(await firstAnswer(socket))).toBe(408);
    await expectAllWell();
  });

  test('more than the body, then the end of the connection', async () => {
    const socket = await open();
    socket.end(head('Content-Type: image/png', 'Content-Length: 100000') + 'only this');
    // The server may still write to a client that has ended; we cannot know whether it listens.
    await untilClosed(socket);
    await expectAllWell();
  });

  test('less than the body: the rest is not read as a second request', async () => {
    const socket = await open();
    socket.write(head('Content-Type: image/png', 'Content-Length: 4') + 'text and more of it');
    const statuses = (await untilClosed(socket)).match(/^HTTP\/1\.1 \d{3}/gm)!;
    expect(statuses.at(-1)).toBe('HTTP/1.1 400');
    expect(statuses).not.toContain('HTTP/1.1 200');
    await expectAllWell();
  });

  test.each<[string, string[]]>([
    ['negative', ['Content-Length: -1']],
    ['two of them', ['Content-Length: 4', 'Content-Length: 5']],
    ['beside chunks', ['Content-Length: 4', 'Transfer-Encoding: chunked']],
    ['words', ['Content-Length: many']],
  ])('%s: 400', async (_name, headers) => {
    const socket = await open();
    socket.write(head('Content-Type: image/png', ...headers) + '4\r\ntext\r\n0\r\n\r\n');
    expect(statusOf(await untilClosed(socket))).toBe(400);
    await expectAllWell();
  });
});

test('a sender of a byte at a time is answered 408 and cut off', async () => {
  const socket = await open();
  socket.write(head('Content-Type: image/png', 'Content-Length: 100000'));
  const drip = setInterval(() => socket.write('x'), 100);
  try {
    const answering = firstAnswer(socket);
    await expectAllWell();
    const answer = await answering;
    expect(statusOf(answer)).toBe(408);
    expect(answer).toContain('upload-timeout');
  } finally {
    clearInterval(drip);
  }
  await expectAllWell();
});

test('silent connections and half requests do not delay other clients', async () => {
  const before = await openFiles();
  const idle = await Promise.all(Array.from({ length: IDLE_CONNECTIONS }, open));
  const half = await Promise.all(Array.from({ length: IDLE_CONNECTIONS }, open));
  for (const socket of half) socket.write('POST /api/predict HTTP/1.1\r\nHost: x\r\nContent-');
  await expectAllWell();
  for (const socket of [...idle, ...half]) socket.destroy();
  await expect.poll(openFiles, { timeout: 20_000 }).toBeLessThan(before + 20);
});

test('a thousand aborted uploads leave nothing behind', async () => {
  await expectAllWell();
  const before = await openFiles();
  const picture = espresso.subarray(0, 60_000);
  const breakOff = async () => {
    const socket = await open();
    socket.write(head('Content-Type: image/png', `Content-Length: ${espresso.byteLength}`));
    await new Promise((sent) => socket.write(picture, sent));
    socket.destroy();
    sockets.delete(socket);
  };
  for (let done = 0; done < ABORTED_UPLOADS; done += AT_ONCE) {
    await Promise.all(Array.from({ length: AT_ONCE }, breakOff));
  }
  await expectAllWell();
  await expect.poll(openFiles, { timeout: 20_000 }).toBeLessThan(before + 20);
});

test('a client that hangs up while waiting frees its place', async () => {
  const pictures = await largePictures(24);
  const gone = new AbortController();
  const left = Promise.allSettled(
    pictures.map((picture) =>
      fetch(`${server.url}/api/predict`, {
        method: 'POST',
        headers: { 'Content-Type': 'image/jpeg' },
        body: new Uint8Array(picture),
        signal: gone.signal,
      }),
    ),
  );
  const waiting = async () => {
    const response = await fetch(`${server.url}/api/health`);
    return healthResponseSchema.parse(await response.json()).checks.queue.waiting;
  };
  await expect.poll(waiting, { interval: 5, timeout: 20_000 }).toBeGreaterThan(0);
  gone.abort();
  await left;
  await expect.poll(waiting, { interval: 5, timeout: 20_000 }).toBe(0);
  await expectAllWell();
});
