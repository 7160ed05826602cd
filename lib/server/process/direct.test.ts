import { once } from 'node:events';
import { createServer, request as httpRequest, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { readBytes } from '../intake/body';
import { answerDirectly, type DirectRoutes } from './direct';
import { jsonResponse } from '../http/json-response';

const LIMITS = { maxBytes: 1_000_000, timeoutMs: 10_000 };
let server: Server;

afterEach(() => server.close());

async function serve(routes: DirectRoutes): Promise<string> {
  const direct = answerDirectly(routes);
  server = createServer((request, response) => {
    if (!direct(request, response)) response.writeHead(404).end('not here');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('a handler sees what was asked, and its answer goes out whole', async () => {
  const url = await serve({
    'POST /a': async (request) => {
      const bytes = await readBytes(request, LIMITS);
      const { method, url: address, headers } = request;
      const answer = { method, address, sent: headers.get('x-sent'), text: String(bytes.length) };
      return Response.json(answer, { status: 201, headers: { 'X-Own': 'yes' } });
    },
  });
  const body = 'x'.repeat(200_000);
  const response = await fetch(`${url}/a?b=1`, {
    method: 'POST',
    body,
    headers: { 'X-Sent': 's' },
  });
  expect(response.status).toBe(201);
  expect(response.headers.get('x-own')).toBe('yes');
  expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  expect(response.headers.get('content-type')).toBe('application/json');
  expect(await response.json()).toEqual({
    method: 'POST',
    address: 'http://localhost/a?b=1',
    sent: 's',
    text: '200000',
  });
});

test.each([
  ['GET', '/a'],
  ['POST', '/a/'],
  ['POST', '/'],
  ['POST', '/constructor'],
])('%s %s is left to others', async (method, path) => {
  const url = await serve({ 'POST /a': () => Promise.resolve(new Response('here')) });
  const response = await fetch(`${url}${path}`, { method });
  expect(await response.text()).toBe('not here');
});

test('an answer may come before the body has been read', async () => {
  const url = await serve({
    'POST /a': () => Promise.resolve(new Response('enough', { status: 413 })),
  });
  const response = await fetch(`${url}/a`, { method: 'POST', body: 'x'.repeat(10) });
  expect([response.status, await response.text()]).toEqual([413, 'enough']);
});

test('the length of JSON is that of its bytes', async () => {
  const words = { label: 'café, 咖啡' };
  const url = await serve({
    'GET /a': () => Promise.resolve(jsonResponse(words, { headers: { 'X-Own': 'yes' } })),
  });
  const response = await fetch(`${url}/a`);
  expect(await response.json()).toEqual(words);
  expect(response.headers.get('content-type')).toBe('application/json');
  expect(response.headers.get('x-own')).toBe('yes');
});

test('a client that hangs up aborts the signal of its request', async () => {
  let enter: (signal: AbortSignal) => void;
  const entered = new Promise<AbortSignal>((resolve) => (enter = resolve));
  const url = await serve({
    'GET /a': ({ signal }) => {
      enter(signal);
      return new Promise(() => undefined);
    },
  });
  const client = httpRequest(`${url}/a`);
  client.on('error', () => undefined).end();
  const signal = await entered;
  const aborted = once(signal, 'abort');
  client.destroy();
  await aborted;
  expect(signal.aborted).toBe(true);
});

test('after an answer the signal stays as it was', async () => {
  const signals: AbortSignal[] = [];
  const url = await serve({
    'GET /a': ({ signal }) => {
      signals.push(signal);
      return Promise.resolve(new Response('here'));
    },
  });
  const response = await fetch(`${url}/a`, { headers: { Connection: 'close' } });
  await response.text();
  const closed = once(server, 'close');
  server.close();
  await closed;
  expect(signals.map(({ aborted }) => aborted)).toEqual([false]);
});
