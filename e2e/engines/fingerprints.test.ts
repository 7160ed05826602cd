/** Firefox that resists fingerprinting: its canvas gives noise, and an answer comes all the same. */
import { createServer, type Server, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startServer, type TestServer } from '../../harness/server';
import { run, until, type Engine } from './engine';
import { startFirefox } from './firefox';
import { Visitor } from './visitor';

let server: TestServer;
let front: Server;
let engine: Engine;
let visitor: Visitor;
let fault: 'none' | 'limited' | 'gone' | 'slow' = 'none';

/** In front of the server; makes the faults of its predictions. */
async function pass(
  url: string,
  headers: HeadersInit,
  body: Buffer | undefined,
  to: ServerResponse,
) {
  if (url.startsWith('/api/predict') && fault === 'gone') return void to.destroy();
  if (url.startsWith('/api/predict') && fault === 'limited') return void to.writeHead(429).end();
  const response = await fetch(`${server.url}${url}`, {
    headers,
    ...(body ? { method: 'POST', body: new Uint8Array(body) } : {}),
  });
  const answer = Buffer.from(await response.arrayBuffer());
  const delayMs = url.startsWith('/api/predict') && fault === 'slow' ? SLOW_MS : 0;
  const kept = Object.fromEntries(
    [...response.headers].filter(([name]) => !OF_THE_CONNECTION.has(name)),
  );
  setTimeout(() => to.writeHead(response.status, kept).end(answer), delayMs);
}

const SLOW_MS = 3_500;

/** What each side of the front says for itself; `fetch` has unpacked the body, too. */
const OF_THE_CONNECTION = new Set([
  'host',
  'connection',
  'content-length',
  'content-encoding',
  'transfer-encoding',
]);

beforeAll(async () => {
  [server, engine] = await Promise.all([
    startServer(),
    startFirefox({ processors: 4, resistsFingerprinting: true }),
  ]);
  front = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      const headers = Object.fromEntries(
        Object.entries(request.headers).filter(([name]) => !OF_THE_CONNECTION.has(name)),
      ) as Record<string, string>;
      const body = request.method === 'POST' ? Buffer.concat(pieces) : undefined;
      pass(request.url!, headers, body, response).catch(() => response.destroy());
    });
  }).listen(0, '127.0.0.1');
  await once(front, 'listening');
  visitor = new Visitor(engine, `http://localhost:${(front.address() as AddressInfo).port}`);
});

afterAll(async () => {
  await engine.close();
  front.closeAllConnections();
  front.close();
  await server.stop();
});

test('the device answers without its canvas', async () => {
  await visitor.open('/');
  await visitor.chooseWhere('This device');
  await visitor.give('Picture file', 'public/samples/espresso.png');
  await visitor.answer('On this device', 'espresso');
});

test.each([
  ['slow', 'did not answer within'],
  ['limited', 'limits how much it answers (429)'],
  ['gone', 'could not be reached'],
] as const)('Automatic answers when the server is %s, and says so', async (kind, reason) => {
  await visitor.chooseWhere('Automatic');
  fault = kind;
  await visitor.give('Picture file', 'public/samples/school-bus.webp');
  expect(await visitor.answer('On this device', 'bus')).toContain(reason);
  fault = 'none';
  await visitor.give('Picture file', 'public/samples/cat.png');
  await visitor.answer('On the server', 'tabby');
});

test('makes no thumbnail from an altered canvas', async () => {
  await visitor.open('/history');
  const countRows = () => document.querySelectorAll('[aria-label="Answers"] li').length || false;
  await until(engine, 'rows', countRows);
  expect(
    await run(engine, () => document.querySelectorAll('[aria-label="Answers"] img').length),
  ).toBe(0);
});
