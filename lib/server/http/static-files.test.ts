import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { staticFiles } from './static-files';

const SCRIPT = 'export const answer = 42;\n'.repeat(100);

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
  await writeFile(path.join(root, 'public', 'secret.txt'), 'not for anybody');
  const serveStatic = staticFiles(root);
  server = createServer((request, response) => {
    if (!serveStatic(request, response)) response.writeHead(418).end(request.url);
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
  expect(response.headers.get('cache-control')).toBe('public,max-age=31536000,immutable');
  expect(response.headers.get('vary')).toBe('Accept-Encoding');
  expect(response.headers.get('cross-origin-embedder-policy')).toBe('require-corp');
  expect(await response.text()).toBe(SCRIPT);
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

test('leaves what is no reading to others', async () => {
  expect((await get('/workers/a.js', 'br', 'POST')).status).toBe(418);
});
