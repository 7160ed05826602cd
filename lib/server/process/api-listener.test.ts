import { once } from 'node:events';
import { createServer, request as httpRequest, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { Hono } from 'hono';
import { afterEach, expect, test } from 'vitest';
import type { Bindings } from '../api/answer';
import { readBytes } from '../intake/body';
import { jsonResponse } from '../http/json-response';
import { apiListener } from './api-listener';

const LIMITS = { maxBytes: 1_000_000, timeoutMs: 10_000 };
let server: Server;

afterEach(() => server.close());

type Handler = (mount: Bindings) => Response | Promise<Response>;

async function serve(handler: Handler): Promise<string> {
  const api = new Hono<{ Bindings: Bindings }>().all('/a', ({ env }) => handler(env));
  server = createServer(apiListener(api)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/a`;
}

test('a handler sees what was asked, and its answer goes out whole', async () => {
  const url = await serve(async ({ request }) => {
    const bytes = await readBytes(request!, LIMITS);
    const { method, url: address, headers } = request!;
    const sent = headers.get('x-sent');
    const hops = headers.get('x-forwarded-for');
    const answer = { method, address, sent, hops, text: String(bytes.length) };
    return Response.json(answer, { status: 201, headers: { 'X-Own': 'yes' } });
  });
  const body = 'x'.repeat(200_000);
  const headers = { 'X-Sent': 's', 'X-Forwarded-For': '6.6.6.6' };
  const response = await fetch(`${url}?b=1`, { method: 'POST', body, headers });
  expect(response.status).toBe(201);
  expect(response.headers.get('x-own')).toBe('yes');
  expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  expect(response.headers.get('content-type')).toBe('application/json');
  expect(await response.json()).toEqual({
    method: 'POST',
    address: 'http://localhost/a?b=1',
    sent: 's',
    hops: '6.6.6.6, 127.0.0.1',
    text: '200000',
  });
});

test('an answer may come before the body has been read', async () => {
  const url = await serve(() => new Response('enough', { status: 413 }));
  const response = await fetch(url, { method: 'POST', body: 'x'.repeat(10) });
  expect([response.status, await response.text()]).toEqual([413, 'enough']);
});

test('the length of JSON is that of its bytes', async () => {
  const words = { label: 'café, 咖啡' };
  const url = await serve(() => jsonResponse(words, { headers: { 'X-Own': 'yes' } }));
  const response = await fetch(url);
  expect(await response.json()).toEqual(words);
  expect(response.headers.get('content-type')).toBe('application/json');
  expect(response.headers.get('x-own')).toBe('yes');
});

test('long JSON is compressed, with an ETag of its own, for clients that accept it', async () => {
  const body = { text: 'x'.repeat(10_000) };
  const url = await serve(() => jsonResponse(body, { headers: { ETag: '"abc"' } }));
  const get = (encoding: string, method = 'GET') =>
    new Promise<[string | undefined, string | undefined, string | undefined, Buffer]>((resolve) => {
      httpRequest(url, { method, headers: { 'Accept-Encoding': encoding } }, (response) => {
        const { etag, 'content-encoding': used, 'content-length': length } = response.headers;
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => resolve([etag, used, length, Buffer.concat(chunks)]));
      }).end();
    });
  const [etag, used, length, bytes] = await get('deflate, gzip, br;q=0');
  expect([etag, used, length]).toEqual(['"abc-gzip"', 'gzip', String(bytes.length)]);
  expect(JSON.parse(gunzipSync(bytes).toString())).toEqual(body);
  const [brotliEtag, brotli, brotliLength, brotliBytes] = await get('gzip, deflate, br');
  expect([brotliEtag, brotli, brotliLength]).toEqual([
    '"abc-br"',
    'br',
    String(brotliBytes.length),
  ]);
  expect(JSON.parse(brotliDecompressSync(brotliBytes).toString())).toEqual(body);
  const [plainEtag, none, plainLength] = await get('gzip;q=0');
  expect([plainEtag, none, plainLength]).toEqual(['"abc"', undefined, '10011']);
});

test('a client that hangs up aborts the signal of its request', async () => {
  let enter: (signal: AbortSignal) => void;
  const entered = new Promise<AbortSignal>((resolve) => (enter = resolve));
  const url = await serve(({ request }) => {
    enter(request!.signal);
    return new Promise(() => undefined);
  });
  const client = httpRequest(url);
  client.on('error', () => undefined).end();
  const signal = await entered;
  const aborted = once(signal, 'abort');
  client.destroy();
  await aborted;
  expect(signal.aborted).toBe(true);
});

test('after an answer the signal stays as it was', async () => {
  const signals: AbortSignal[] = [];
  const url = await serve(({ request }) => {
    signals.push(request!.signal);
    return Promise.resolve(new Response('here'));
  });
  const response = await fetch(url, { headers: { Connection: 'close' } });
  await response.text();
  const closed = once(server, 'close');
  server.close();
  await closed;
  expect(signals.map(({ aborted }) => aborted)).toEqual([false]);
});
