/** What holds for every route: methods, origins, policies, logs. */
import { execFile, spawnSync } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ROUTES } from '@/lib/server/api/routes';
import { SAMPLE_ORIGIN, snippets } from '@/lib/server/api/openapi/snippets';
import { makeKey, postPicture } from '../../harness/client';
import { startServer, type TestServer } from '../../harness/server';

const ORIGIN = 'https://a.example';
const hasPython = () => spawnSync('python3', ['--version']).status === 0;

let server: TestServer;
let espresso: Buffer;

beforeAll(async () => {
  server = await startServer({ CORS_ORIGINS: ORIGIN });
  espresso = await readFile('public/samples/espresso.png');
});

afterAll(() => server.stop());

describe('pages', () => {
  test('have a policy with a nonce of their own, which their scripts carry', async () => {
    const pages = await Promise.all(['/', '/', '/docs', '/no/such/page'].map(load));
    const nonces = pages.map(({ policy }) => /'nonce-([^']+)'/.exec(policy)![1]!);
    expect(new Set(nonces).size).toBe(nonces.length);
    pages.forEach(({ policy, html }, i) => {
      const scripts = [...html.matchAll(/<script\b[^>]*>/g)].map(([tag]) => tag);
      expect(scripts.length).toBeGreaterThan(1);
      expect(scripts.filter((tag) => !tag.includes(`nonce="${nonces[i]}"`))).toEqual([]);
      expect(policy).toContain("'strict-dynamic'");
      expect(policy).not.toContain("'unsafe-eval'");
      expect(policy).toContain("frame-ancestors 'none'");
    });
  });

  test('are the same whatever headers of Next’s own a client sends', async () => {
    const own = { 'x-middleware-prefetch': '1', 'x-nextjs-data': '1', 'x-matched-path': '/many' };
    const response = await fetch(server.url, { headers: { ...own, 'x-invoke-status': '500' } });
    expect(response.status).toBe(200);
    expect(response.headers.get('x-middleware-skip')).toBeNull();
    expect(await response.text()).toContain('<title>Sightline: what is in your picture?</title>');
  });

  test('and everything else say how they may be used', async () => {
    for (const where of ['/', '/docs', '/api/health', '/v2', '/hf/models/x']) {
      const { headers } = await fetch(`${server.url}${where}`);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.has('x-powered-by')).toBe(false);
    }
  });

  async function load(where: string): Promise<{ policy: string; html: string }> {
    const response = await fetch(`${server.url}${where}`);
    const policy = response.headers.get('content-security-policy')!;
    return { policy, html: await response.text() };
  }
});

describe('methods', () => {
  test.each(['/nothing', '/', '/v2/nothing', '/api/predict', '/hf/models/nobody'])(
    'a form for %s that pretends to come from one of our pages is no 500',
    async (where) => {
      const body = new FormData();
      body.append('x', 'y');
      for (const headers of [
        { RSC: '1' },
        { 'Next-Action': 'x' },
        { 'Next-Router-Prefetch': '1' },
      ]) {
        const init = { method: 'POST', body, headers, redirect: 'manual' } as const;
        const response = await fetch(`${server.url}${where}`, init);
        expect(response.status).toBeGreaterThanOrEqual(400);
        expect(response.status).toBeLessThan(500);
        expect(response.headers.has('x-request-id')).toBe(true);
      }
    },
  );

  test.each(['/', '/docs', '/api/openapi.json', '/api/visualizations'])(
    '%s is sent in Brotli, gzip or neither, as the client accepts',
    async (route) => {
      const encodingFor = async (accepted: string) => {
        const headers = { 'Accept-Encoding': accepted };
        const response = await fetch(`${server.url}${route}`, { headers });
        const length = (await response.text()).length;
        return [response.status, response.headers.get('content-encoding'), length > 1000];
      };
      expect(await encodingFor('gzip, deflate, br')).toEqual([200, 'br', true]);
      expect(await encodingFor('gzip')).toEqual([200, 'gzip', true]);
      expect(await encodingFor('identity')).toEqual([200, null, true]);
    },
  );

  test('HEAD is GET without its body, OPTIONS tells what there is', async () => {
    const head = await fetch(`${server.url}/api/models`, { method: 'HEAD' });
    expect(head.status).toBe(200);
    expect(head.headers.has('etag')).toBe(true);
    expect(await head.text()).toBe('');
    const options = await fetch(`${server.url}/api/models`, { method: 'OPTIONS' });
    expect(options.status).toBe(204);
    expect(options.headers.get('allow')).toBe('GET, HEAD, OPTIONS');
  });

  test('a page of an allowed origin may ask, one of another may not', async () => {
    const preflight = (origin: string) =>
      fetch(`${server.url}/api/predict`, {
        method: 'OPTIONS',
        headers: { Origin: origin, 'Access-Control-Request-Method': 'POST' },
      });
    const allowed = await preflight(ORIGIN);
    expect(allowed.headers.get('access-control-allow-origin')).toBe(ORIGIN);
    expect(allowed.headers.get('access-control-allow-methods')).toBe('POST, OPTIONS');
    const other = await preflight('https://b.example');
    expect(other.headers.has('access-control-allow-origin')).toBe(false);
    const answer = await postPicture(server.url, espresso, { Origin: ORIGIN });
    expect(answer.headers.get('access-control-allow-origin')).toBe(ORIGIN);
    const file = await fetch(`${server.url}/hf/tiny-imagenet-200/resolve/main/config.json`, {
      headers: { Origin: ORIGIN },
    });
    expect(file.headers.get('access-control-allow-origin')).toBe(ORIGIN);
  });
});

test('one line is logged a request, with no key, query, address or picture in it', async () => {
  const key = await makeKey({ DATA_DIR: server.dataDir }, '--name', 'log');
  const response = await fetch(`${server.url}/api/predict?topK=2&explain=false`, {
    method: 'POST',
    headers: { 'x-api-key': key, 'Content-Type': 'application/octet-stream' },
    body: new Uint8Array(espresso),
  });
  expect(response.status).toBe(200);
  const requestId = response.headers.get('x-request-id')!;
  const logged = () =>
    server
      .output()
      .split('\n')
      .filter((line) => line.includes(requestId));
  // The line comes through a pipe, on its own time.
  await expect.poll(logged, { timeout: 20_000 }).toHaveLength(1);
  const lines = logged();
  expect(JSON.parse(lines[0]!)).toEqual({
    level: 'info',
    time: expect.any(String) as string,
    requestId,
    route: 'predict',
    method: 'POST',
    path: '/api/predict',
    status: 200,
    durationMs: expect.any(Number) as number,
    keyId: key.split('_')[1],
    model: 'tiny-imagenet-200',
    cost: 1,
    msg: 'request',
  });
  const log = server.output();
  expect(log).not.toContain(key);
  expect(log).not.toMatch(/topK|explain/);
  expect(log).not.toContain('127.0.0.1","');
});

test('metrics count what was asked', async () => {
  const read = async () => {
    const text = await (await fetch(`${server.url}/api/metrics`)).text();
    const value = (name: string) =>
      Number(
        text
          .split('\n')
          .find((line) => line.startsWith(`${name} `))
          ?.split(' ')[1] ?? 0,
      );
    return {
      requests: value('sightline_http_requests_total{route="predict",method="POST",status="415"}'),
      ready: value('sightline_ready'),
    };
  };
  const before = await read();
  await postPicture(server.url, Buffer.from('text'));
  expect(await read()).toEqual({ requests: before.requests + 1, ready: 1 });
});

describe('the snippets of the docs', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'sightline-snippets-'));
    for (const name of ['cat.png', 'espresso.png'])
      await cp(`public/samples/${name}`, path.join(folder, name));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const source = (operation: (typeof ROUTES)[number], label: string) =>
    snippets(operation)
      .find((snippet) => snippet.label === label)!
      .source.replaceAll(SAMPLE_ORIGIN, server.url);
  /** A picture belongs where this one says so. */
  const NEEDS_EDITING = ['v1Predict', 'v2Infer', 'v2VersionInfer'];
  const runnable = ROUTES.filter(({ id }) => !NEEDS_EDITING.includes(id));

  test.each(runnable)('curl: $id', async (operation) => {
    const command = source(operation, 'curl').replace(/^curl/, 'curl -sS --fail');
    await expect(
      promisify(execFile)('bash', ['-c', command], { cwd: folder }),
    ).resolves.toBeTruthy();
  });

  test.each(runnable)('TypeScript: $id', async (operation) => {
    const file = path.join(folder, `${operation.id}.mts`);
    await writeFile(file, source(operation, 'TypeScript'));
    const tsx = path.resolve('node_modules/.bin/tsx');
    await expect(promisify(execFile)(tsx, [file], { cwd: folder })).resolves.toBeTruthy();
  });

  // Sightline itself needs no Python: without one on this machine there is nobody to read it.
  test.skipIf(!hasPython()).each(ROUTES)('Python: $id can be read', async (operation) => {
    const file = path.join(folder, `${operation.id}.py`);
    await writeFile(file, source(operation, 'Python'));
    await expect(
      promisify(execFile)('python3', ['-m', 'py_compile', file], { cwd: folder }),
    ).resolves.toBeTruthy();
  });
});
