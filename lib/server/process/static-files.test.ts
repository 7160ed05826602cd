import { readdirSync, readlinkSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { staticFiles } from '../http/static-files';
import { send } from './send';

const SCRIPT = 'export const answer = 42;\n'.repeat(100);

const PAGE_ORIGIN = 'https://page.example';

let root: string;
let server: Server;
let origin: string;

beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'sightline-static-'));
  const folder = path.join(root, 'public', 'workers');
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'a.js'), SCRIPT);
  await writeFile(path.join(folder, 'a.js.br'), brotliCompressSync(SCRIPT));
  await writeFile(path.join(folder, 'a.js.gz'), gzipSync(SCRIPT));
  await writeFile(path.join(folder, 'large.wasm'), Buffer.alloc(64 * 1024 * 1024));
  await writeFile(path.join(root, 'public', 'secret.txt'), 'not for anybody');
  await writeFile(path.join(root, 'public', 'client.js'), SCRIPT);
  const serveStatic = staticFiles(root, [PAGE_ORIGIN]);
  server = createServer((request, response) => {
    const get = (name: string) => request.headers[name]?.toString() ?? null;
    const headers = { get, has: (name: string) => name in request.headers };
    const file = serveStatic({ method: request.method!, headers }, request.url!);
    if (file) void send(file, request, response);
    else response.writeHead(418).end(request.url);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
  await rm(root, { recursive: true });
});

const get = (url: string, encoding: string, method = 'GET') =>
  fetch(origin + url, { method, headers: { 'Accept-Encoding': encoding } });

test.each([
  ['br, gzip', 'br'],
  ['gzip', 'gzip'],
  ['identity', null],
])('sends what a client that takes %s can read', async (accepted, encoding) => {
  const response = await get('/workers/a.js', accepted);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-encoding')).toBe(encoding);
  expect(response.headers.get('content-type')).toMatch(/javascript/);
  expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
  expect(response.headers.get('vary')).toBe('Accept-Encoding, Origin');
  expect(response.headers.get('cross-origin-embedder-policy')).toBe('require-corp');
  expect(await response.text()).toBe(SCRIPT);
});

test.each([
  [PAGE_ORIGIN, PAGE_ORIGIN],
  ['https://other.example', null],
])('a page of %s is let in or not', async (origin_, allowed) => {
  const response = await fetch(`${origin}/workers/a.js`, { headers: { Origin: origin_ } });
  expect(response.headers.get('access-control-allow-origin')).toBe(allowed);
});

test('a name that stays is asked for again each time, by what is in it', async () => {
  const response = await get('/client.js', 'br');
  expect(response.headers.get('cache-control')).toBe('no-cache');
  expect(await response.text()).toBe(SCRIPT);
  const headers = { 'If-None-Match': response.headers.get('etag')! };
  expect((await fetch(`${origin}/client.js`, { headers })).status).toBe(304);
});

test('answers HEAD without a body', async () => {
  const response = await get('/workers/a.js', 'br', 'HEAD');
  expect(response.status).toBe(200);
  expect(await response.text()).toBe('');
});

test.each([
  '/',
  '/workers/b.js',
  '/workers/../secret.txt',
  '/workers/%2e%2e/secret.txt',
  '/secret',
])('leaves %s to others, with its address as it was', async (url) => {
  const response = await get(url, 'br');
  expect(response.status).toBe(418);
  expect(await response.text()).not.toContain('not for anybody');
});

test('leaves requests other than GET and HEAD to other handlers', async () => {
  expect((await get('/workers/a.js', 'br', 'POST')).status).toBe(418);
});

test('each encoding has its own ETag, by which it is not sent twice', async () => {
  const [br, gzip, identity] = await Promise.all(
    ['br', 'gzip', 'identity'].map((encoding) => get('/workers/a.js', encoding)),
  );
  const etags = [br, gzip, identity].map((response) => response!.headers.get('etag'));
  expect(new Set(etags).size).toBe(3);
  const again = await fetch(`${origin}/workers/a.js`, {
    headers: { 'Accept-Encoding': 'br', 'If-None-Match': etags[0]! },
  });
  expect(again.status).toBe(304);
  const other = await fetch(`${origin}/workers/a.js`, {
    headers: { 'Accept-Encoding': 'gzip', 'If-None-Match': etags[0]! },
  });
  expect(other.status).toBe(200);
});

test.each([
  ['bytes=0-5', 206, SCRIPT.slice(0, 6)],
  ['bytes=-3', 206, SCRIPT.slice(-3)],
  ['bytes=5-3', 200, SCRIPT],
  ['bytes=x', 200, SCRIPT],
  ['bytes=999999-', 416, ''],
])('a range of %s is answered with %d', async (range, status, body) => {
  const response = await fetch(`${origin}/workers/a.js`, {
    headers: { 'Accept-Encoding': 'identity', Range: range },
  });
  expect(response.status).toBe(status);
  expect(await response.text()).toBe(body);
});

test('HEAD tells the length that GET has', async () => {
  const head = await get('/workers/a.js', 'identity', 'HEAD');
  expect(head.headers.get('content-length')).toBe(String(SCRIPT.length));
});

test('a client that leaves in the middle leaves no file open', async () => {
  const open = () =>
    readdirSync('/proc/self/fd')
      .map(target)
      .filter((file) => file?.startsWith(root));
  const [large] = await Promise.all([openDownload('/workers/large.wasm')]);
  expect(open()).toHaveLength(1);
  large.destroy();
  await expect.poll(open).toEqual([]);
});

function target(descriptor: string): string | undefined {
  try {
    return readlinkSync(`/proc/self/fd/${descriptor}`);
  } catch {
    // Closed meanwhile.
    return undefined;
  }
}

/** A connection over which an answer has begun, and is not read further. */
function openDownload(url: string): Promise<Socket> {
  return new Promise((resolve) => {
    const socket = connect(Number(new URL(origin).port), '127.0.0.1', () => {
      socket.write(`GET ${url} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
      socket.once('readable', () => resolve(socket));
    });
  });
}
